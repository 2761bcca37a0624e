import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { dmw } from '../support/programs.ts';

interface DemoResult {
  readonly ok: boolean;
  readonly steps: readonly { name: string; ok: boolean; ms: number; detail: string }[];
  readonly card: { reader: string; transport: string; iccid: string; bytesWritten: number; apdus: number };
  readonly session: {
    messages: readonly {
      direction: string;
      bytes: number;
      package: number;
      commands: unknown[];
      statuses: { code: number }[];
    }[];
    authenticated: { client: boolean; server: boolean };
  };
  readonly tree: { nodes: readonly { path: string; format: string; value: string | null }[] };
  readonly handset: Record<'port' | 'manufacturer' | 'model' | 'revision' | 'imei', string>;
}

const leftovers = async () => (await readdir(tmpdir())).filter(name => /^dmw-(demo|cable)-/.test(name));
let before: string[];
beforeEach(async () => {
  before = await leftovers();
});

async function play(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<DemoResult> {
  const { code, stdout, stderr } = await dmw(['demo', '--json', ...args], '', env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await leftovers()).toEqual(before);
  return JSON.parse(stdout) as DemoResult;
}

function expectWholeStory(result: DemoResult): void {
  expect(result.ok).toBe(true);
  expect(result.steps.map(step => step.ok)).toEqual([true, true, true, true, true, true]);
  expect(result.card).toMatchObject({ iccid: '8988211000000304173' });
  expect(result.card.bytesWritten).toBeGreaterThan(500);
  expect(result.card.apdus).toBeGreaterThan(20);
  expect(result.session.authenticated).toEqual({ client: true, server: true });
  const ladder = result.session.messages.map(message => `${message.direction}${message.package}`);
  expect(ladder.slice(0, 3)).toEqual(['up1', 'down2', 'up3']);
  expect(ladder.at(-1)).toBe('down4');
  expect(result.session.messages[1]?.statuses[0]).toMatchObject({ code: 212 });
  expect(result.tree.nodes.length).toBeGreaterThanOrEqual(15);
  expect(result.tree.nodes).toContainEqual({ path: './DevDetail/FwV', format: 'chr', value: '1.0.4' });
  expect(result.handset).toMatchObject({ model: 'SmartPhone2000', revision: '1.0.4', imei: '493005100592800' });
}

describe('the main job, end to end', () => {
  it('through the real pcscd and a real pseudo-terminal pair', async () => {
    const result = await play([]);
    expectWholeStory(result);
    expect(result.card).toMatchObject({ transport: 'pcscd', reader: expect.stringMatching(/^Virtual PCD/) });
    expect(result.handset.port).toMatch(/dmw-cable-.*\/a$/);
  }, 180_000);

  it('with pcscd stopped and not to be started: in-process, and it says so', async () => {
    // A PATH without sbin, and a socket where no daemon listens: what a machine without pcscd looks like.
    const path = (process.env.PATH ?? '').split(delimiter).filter(folder => !folder.includes('sbin'));
    const result = await play(['--no-daemon'], { PATH: path.join(delimiter), PCSCLITE_CSOCK_NAME: '/nonexistent' });
    expectWholeStory(result);
    expect(result.card.transport).toBe('in-process');
    expect(result.steps[1]?.detail).toContain('in-process reader (pcscd does not run)');
  });

  it('without socat the cable is in memory, and it says so', async () => {
    const node = process.execPath.slice(0, process.execPath.lastIndexOf('/'));
    const result = await play(['--in-process'], { PATH: node });
    expectWholeStory(result);
    expect(result.steps[5]?.detail).toContain('cable in memory');
  });

  it('prints each step with its time for people', async () => {
    const { code, stdout } = await dmw(['demo', '--in-process']);
    expect(code).toBe(0);
    expect(stdout.match(/^✓ .* \d+ ms {2}/gm)).toHaveLength(6);
  });
});
