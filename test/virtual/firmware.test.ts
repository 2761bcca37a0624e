/** The firmware of a virtual handset, updated by the real DM server over HTTP, and what the server then knows of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandInput } from '../../src-core/server/jobs/command-input.ts';
import { SendCommands } from '../../src-core/server/jobs/send-commands.ts';
import type { FirmwareScript } from '../../src-core/virtual/handset/firmware.ts';
import { DEFAULT_HANDSET } from '../../src-core/virtual/handset/identity.ts';
import type { FumoView } from '../../src-core/workbench/object-views.ts';
import { ObjectsRoom } from '../../src-core/workbench/objects.ts';
import { type DmBench, startDmBench } from '../support/dm-bench.ts';

const DEVICE = `IMEI:${DEFAULT_HANDSET.imei}`;
const URL = 'https://updates.example/fw-1.0.5.bin';

let bench: DmBench;
beforeEach(async () => {
  bench = await startDmBench();
});
afterEach(() => bench.close());

const replace = (uri: string, value: string, format = 'chr'): CommandInput => ({ kind: 'replace', uri, format, value });
const exec = (operation: string, correlator?: string): CommandInput => ({
  kind: 'exec',
  uri: `./FUMO/${operation}`,
  ...(correlator !== undefined && { correlator }),
});

/** A handset that the server knows, which connects again by itself while it has news. */
async function updating(firmware?: FirmwareScript) {
  const handset = bench.handset(await bench.account('device'), {}, undefined, firmware);
  await handset.connect();
  const device = bench.dm.devices.get(DEVICE);
  if (!device) throw new Error('the server knows no device');
  const objects = new ObjectsRoom({ store: bench.store, device: id => bench.dm.devices.get(id) });
  return {
    handset,
    async send(...commands: CommandInput[]): Promise<number[]> {
      const job = new SendCommands(commands, device);
      device.work.add(() => job);
      await handset.connect();
      return job.progress.statuses.map(({ code }) => code);
    },
    async tell() {
      while (handset.hasNews) await handset.connect();
    },
    value: (uri: string) => handset.tree.get(uri, 'device').value,
    async view(): Promise<FumoView> {
      const job = new SendCommands([{ kind: 'get', uri: './FUMO/State' }], device);
      device.work.add(() => job);
      await handset.connect();
      const view = await objects.at(DEVICE, './FUMO/State');
      if (view?.kind !== 'fumo') throw new Error('no FUMO object');
      return view;
    },
  };
}

describe('an update', () => {
  it('its end is told by an alert, and the State is read again in the same session', async () => {
    const { send, tell } = await updating();
    const known = () => bench.dm.devices.get(DEVICE)?.tree.get('./FUMO/State')?.value;
    await send(replace('./FUMO/Download/PkgURL', URL), exec('Download'));
    const before = (await bench.store.sessions(DEVICE, 9)).length;
    await tell();
    expect([(await bench.store.sessions(DEVICE, 9)).length - before, known()]).toEqual([1, '50']);
    const [work] = await bench.store.jobs.ofDevice(DEVICE, 1);
    expect(work).toMatchObject({ done: true, state: 'answered', spec: { kind: 'send' } });
  });

  it('Download is accepted with 202, then told by a generic alert with its correlator and result; Update follows', async () => {
    const { handset, send, tell, value, view } = await updating();
    expect(await send(replace('./FUMO/Download/PkgURL', URL), exec('Download', 'fw-7'))).toEqual([200, 202]);
    expect([value('./FUMO/State'), handset.hasNews]).toEqual(['30', true]);
    await tell();
    expect(await view()).toMatchObject({
      state: { code: 50, name: 'Ready to update' },
      alerts: [
        {
          words: 'Download ended',
          source: './FUMO',
          correlator: 'fw-7',
          mark: 'informational',
          result: { code: 200, words: 'Successful', ok: true },
        },
      ],
    });
    expect([value('./FUMO/PkgName'), value('./FUMO/PkgVersion')]).toEqual(['fw-1.0.5.bin', '1.0.5']);

    expect(await send(exec('Update', 'fw-8'))).toEqual([202]);
    expect(value('./FUMO/State')).toBe('60');
    await tell();
    const { state, alerts } = await view();
    expect(state?.code).toBe(100);
    expect(alerts.map(({ words, correlator }) => [words, correlator])).toEqual([
      ['Update ended', 'fw-8'],
      ['Download ended', 'fw-7'],
    ]);
    expect(value('./DevDetail/FwV')).toBe('1.0.5');
  });

  it('both at once: one alert, and none of a correlator that was not given', async () => {
    const { send, tell, value, view } = await updating();
    expect(await send(replace('./FUMO/DownloadAndUpdate/PkgURL', URL), exec('DownloadAndUpdate'))).toEqual([200, 202]);
    await tell();
    const { state, alerts } = await view();
    expect(state?.code).toBe(100);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).not.toHaveProperty('correlator');
    expect(alerts[0]).toMatchObject({ words: 'Download and update ended', result: { code: 200 } });
    expect(value('./DevDetail/FwV')).toBe('1.0.5');
  });

  it('a package that the server sends itself is installed, and gone after that', async () => {
    const { send, tell, value, view } = await updating();
    const data = Buffer.from('a package').toString('base64');
    // What was replaced is read back, and the package is readable for nobody.
    expect(await send(replace('./FUMO/Update/PkgData', data, 'bin'), exec('Update'))).toEqual([200, 202, 425]);
    await tell();
    expect((await view()).state?.code).toBe(100);
    expect(value('./FUMO/Update/PkgData')).toBe('');
  });
});

describe('what goes wrong', () => {
  it('a malformed address: 411, marked critical', async () => {
    const { send, tell, view } = await updating();
    await send(replace('./FUMO/Download/PkgURL', 'no address'), exec('Download', 'x'));
    await tell();
    expect(await view()).toMatchObject({
      state: { code: 20 },
      alerts: [{ mark: 'critical', result: { code: 411, ok: false } }],
    });
  });

  it.each([
    ['Download', 503, 20],
    ['DownloadAndUpdate', 406, 20],
    ['DownloadAndUpdate', 404, 80],
  ] as const)('%s that ends with %i leaves state %i, and the firmware as it was', async (operation, code, state) => {
    const { send, tell, value, view } = await updating(() => code);
    await send(replace(`./FUMO/${operation}/PkgURL`, URL), exec(operation));
    await tell();
    expect(await view()).toMatchObject({ state: { code: state }, alerts: [{ result: { code } }] });
    expect(value('./DevDetail/FwV')).toBe('1.0.4');
  });

  it('an update that fails keeps its package, and can be tried again', async () => {
    let code = 410;
    const { send, tell, view } = await updating(operation => (operation === 'Update' ? code : 200));
    await send(replace('./FUMO/Download/PkgURL', URL), exec('Download'));
    await tell();
    await send(exec('Update'));
    await tell();
    expect((await view()).state?.code).toBe(70);
    code = 200;
    expect(await send(exec('Update'))).toEqual([202]);
    await tell();
    expect((await view()).state?.code).toBe(100);
  });

  it('Update without a package, and a second operation while one is under way, are not allowed', async () => {
    const { send, handset } = await updating();
    expect(await send(exec('Update'))).toEqual([405]);
    expect(await send(replace('./FUMO/Download/PkgURL', URL), exec('Download'), exec('Download'))).toEqual([
      200, 202, 405,
    ]);
    expect(handset.hasNews).toBe(true);
  });

  it('the server cannot change the state, nor read the package', async () => {
    const { send } = await updating();
    expect(await send(replace('./FUMO/State', '100', 'int'), { kind: 'get', uri: './FUMO/Update/PkgData' })).toEqual([
      425, 425,
    ]);
  });
});
