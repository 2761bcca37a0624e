/** The built-in descriptions against the laboratory's handset: they describe what it holds, and foretell what it answers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import { Workbench } from '../../src-core/workbench/workbench.ts';

const DEVICE = 'IMEI:493005100592800';

let workbench: Workbench;
beforeAll(async () => {
  const options = { database: ':memory:', dmHost: '127.0.0.1', dmPort: 0, pcscd: 'never', version: 'test' } as const;
  workbench = await Workbench.open(options);
  await workbench.runStory(() => {});
});
afterAll(() => workbench?.close());

/** Status codes of the device for a command. */
async function answerTo(command: CommandInput): Promise<number[]> {
  const { workId } = await workbench.work.send(DEVICE, [command], false);
  const answered = new AbortController();
  const signal = AbortSignal.any([answered.signal, AbortSignal.timeout(15_000)]);
  for await (const works of workbench.work.watch(DEVICE, signal)) {
    const work = works.find(({ id }) => id === workId);
    if (!work?.done) continue;
    answered.abort();
    return work.statuses.map(({ code }) => code);
  }
  throw new Error('the handset did not answer');
}

describe('the virtual handset and its descriptions', () => {
  it('every node that it holds is described, and is what its description says', async () => {
    const undescribed: string[] = [];
    for (const { uri } of workbench.devices.nodes(DEVICE)) {
      const view = await workbench.ddf.describe(DEVICE, uri);
      if (view) expect({ uri, contradictions: view.contradictions }).toEqual({ uri, contradictions: [] });
      else undescribed.push(uri);
    }
    expect(undescribed).toEqual(['.', './Vendor']);
  });

  it.each<[string, CommandInput]>([
    ['a permanent node', { kind: 'delete', uri: './DevInfo/DevId' }],
    [
      'a node that is there',
      { kind: 'add', uri: './Vendor/WelcomeText', format: 'chr', type: 'text/plain', value: 'x' },
    ],
    ['Get of the Inbox', { kind: 'get', uri: './Inbox' }],
  ])('%s: the preview warns, and the handset answers as foretold', async (_name, command) => {
    const { problems } = await workbench.work.preview(DEVICE, [command]);
    const [foretold] = await workbench.ddf.problems(DEVICE, [command]);
    expect(problems.map(({ text }) => text)).toContain(foretold?.text);
    expect(await answerTo(command)).toEqual([foretold?.status]);
  });

  it('a command that nothing speaks against is done', async () => {
    const command = {
      kind: 'replace',
      uri: './Vendor/Display/Brightness',
      format: 'int',
      type: 'text/plain',
      value: '40',
    } as const;
    expect((await workbench.work.preview(DEVICE, [command])).problems).toEqual([]);
    expect(await answerTo(command)).toEqual([200]);
  });
});
