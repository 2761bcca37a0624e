/** The whole workbench with the laboratory's handset: it comes when a person wants its session held, and the program ends well. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceView } from '../../src-core/workbench/views.ts';
import { Workbench } from '../../src-core/workbench/workbench.ts';

const DEVICE = 'IMEI:493005100592800';
const BRIGHTNESS = './Vendor/Display/Brightness';

let workbench: Workbench;
let open = false;
beforeEach(async () => {
  workbench = await Workbench.open({
    database: ':memory:',
    dmHost: '127.0.0.1',
    dmPort: 0,
    pcscd: 'never',
    version: 'test',
  });
  open = true;
  await workbench.runStory(() => {});
});
afterEach(() => (open ? workbench.close() : undefined));

async function device(isSo: (view: DeviceView) => boolean): Promise<DeviceView> {
  for (let tries = 0; tries < 500; tries++) {
    const view = (await workbench.devices.list()).find(({ id }) => id === DEVICE);
    if (view && isSo(view)) return view;
    await sleep(10);
  }
  throw new Error('the device did not come to that');
}

describe('the virtual handset', () => {
  it('is asked to come when somebody wants to hold its session, and does what is clicked', async () => {
    await workbench.work.hold(DEVICE, true);
    expect(await device(({ held }) => held?.state === 'held')).toMatchObject({
      reachability: 'in-session',
      held: { state: 'held', sessionId: expect.any(String), since: expect.any(Number) },
    });
    const command = { kind: 'replace', uri: BRIGHTNESS, format: 'int', value: '33' } as const;
    expect(await workbench.work.send(DEVICE, [command])).toMatchObject({ held: true });
    await device(({ queued }) => queued === 0);
    expect(workbench.devices.nodes(DEVICE).find(({ uri }) => uri === BRIGHTNESS)?.value).toBe('33');
    await workbench.work.hold(DEVICE, false);
    expect(await device(({ reachability }) => reachability === 'seen')).not.toHaveProperty('held');
  });

  it('does not keep the program from ending, nor the next story from beginning', async () => {
    await workbench.work.hold(DEVICE, true);
    await device(({ held }) => held?.state === 'held');
    await workbench.runStory(() => {});
    await workbench.work.hold(DEVICE, true);
    await device(({ held }) => held?.state === 'held');
    await workbench.close();
    open = false;
  });
});
