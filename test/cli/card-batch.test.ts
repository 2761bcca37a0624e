import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachToVpcd, VPCD_SLOTS } from '../../src-core/card/vpcd.ts';
import { csvOf, type TrayCard, trayCard, traySim } from '../support/card-tray.ts';
import { type PcscdBench, usePcscd } from '../support/pcscd.ts';
import { dmw, type Running, startDmw } from '../support/programs.ts';

const [{ reader, port }] = VPCD_SLOTS;

/** What the program says of its readers, as it comes. */
function listen({ process: { stderr } }: Running) {
  let heard = '';
  stderr?.on('data', (text: string) => {
    heard += text;
  });
  return {
    says: (text: string) => expect.poll(() => heard, { timeout: 25_000 }).toContain(text),
    heard: () => heard,
  };
}

async function withCard(card: TrayCard['card'], work: () => Promise<unknown>): Promise<void> {
  const attachment = await attachToVpcd({ host: '127.0.0.1', port, card });
  try {
    await work();
  } finally {
    await attachment.detach();
  }
}

describe('dmw card batch, through the real pcscd', () => {
  let bench: PcscdBench;
  let folder: string;
  beforeAll(async () => {
    bench = await usePcscd();
    folder = await mkdtemp(join(tmpdir(), 'dmw-batch-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await bench.release();
  });

  it('does what Ctrl-C left, and leaves alone what is done', async () => {
    const [first, second, stranger] = [trayCard(1), trayCard(2), trayCard(3)];
    const file = join(folder, 'tray.csv');
    await writeFile(file, csvOf([first, second]));
    const args = ['card', 'batch', file, '--server', 'http://127.0.0.1:8080/dm', '--data', folder, '--reader', reader];

    const one = startDmw([...args, '--json']);
    const told = listen(one);
    await told.says('NEXT CARD');
    await withCard(first.card, () => told.says('DONE'));
    await withCard(stranger.card, () => told.says('WRONG CARD'));
    one.process.kill('SIGINT');
    const stopped = await one.finished;
    expect(stopped.code).not.toBe(0);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ total: 2, verified: 1, failed: 0, notDone: 1 });
    expect(stopped.stderr).toContain('1 of 2 cards are not verified');

    const two = startDmw(args);
    const again = listen(two);
    await again.says('going on with the batch of before');
    await withCard(first.card, () => again.says('ALREADY DONE'));
    await withCard(second.card, () => again.says(`DONE          ${second.iccid}`));
    expect(await two.finished).toMatchObject({ code: 0, stdout: '2 of 2 cards verified, 0 failed, 0 not done.\n' });

    const third = await dmw(args);
    expect(third.code).toBe(0);
    const said = stopped.stdout + stopped.stderr + again.heard() + third.stdout + third.stderr;
    for (const { adm } of [first, second]) expect(said).not.toContain(adm);
    expect(await readFile(file, 'utf8')).toContain(first.adm);
  });

  it('puts a CP document on each card, keeps what was said, and says how a card gets its key that tells no tries', async () => {
    const sim = traySim(4);
    const [file, cp, trace] = ['meters.csv', 'settings.xml', 'trace.json'].map(name => join(folder, name));
    await writeFile(file ?? '', `iccid,adm,apn,word\n${sim.iccid},${sim.adm},m2m.example,hunter2`);
    await writeFile(
      cp ?? '',
      '<wap-provisioningdoc><characteristic type="NAPDEF"><parm name="NAP-ADDRESS" value="{{apn}}"/>' +
        '<parm name="AUTHSECRET" value="{{word}}"/></characteristic></wap-provisioningdoc>',
    );
    const args = ['card', 'batch', file ?? '', '--cp', cp ?? '', '--data', folder, '--reader', reader];

    const dry = await dmw([...args, '--dry-run', '--json']);
    expect(JSON.parse(dry.stdout).cards).toMatchObject([{ line: 2, document: 'settings.xml' }]);
    expect(dry.stdout).toContain('NAP-ADDRESS m2m.example');

    const one = startDmw([...args, '--trace', trace ?? '']);
    await withCard(sim.card, () => listen(one).says('FAILED'));
    const failed = await one.finished;
    expect(failed.code).toBe(8);
    expect(failed.stderr).toContain('--unknown-tries present presents it once to each');

    const two = startDmw([...args, '--trace', trace ?? '', '--unknown-tries', 'present']);
    await withCard(sim.card, () => listen(two).says('DONE'));
    expect(await two.finished).toMatchObject({ code: 0, stdout: '1 of 1 cards verified, 0 failed, 0 not done.\n' });
    const kept = await readFile(trace ?? '', 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ batch: 'meters.csv', cards: [{ iccid: sim.iccid, state: 'verified' }] });
    const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
    for (const text of [dry.stdout, dry.stderr, failed.stdout, failed.stderr, kept])
      for (const secret of ['hunter2', hex('hunter2'), sim.adm, hex(sim.adm)]) expect(text).not.toContain(secret);
  });

  it.each([
    [['--unknown-tries', 'yes'], '--unknown-tries takes present'],
    [['--cp', 'x.xml', '--set', 'user=a'], '--set is for the account of this server'],
    [['--dry-run', '--trace', 'x'], 'there is nothing to trace'],
    [['--adm', '12345678'], 'card batch takes no --adm'],
  ])('is called wrongly with %j', async (args, words) => {
    const file = join(folder, 'any.csv');
    await writeFile(file, csvOf([trayCard(1)]));
    const { code, stderr } = await dmw(['card', 'batch', file, '--data', folder, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it('of a list with an error touches no reader', async () => {
    const file = join(folder, 'faulty.csv');
    await writeFile(file, 'iccid,adm\n12,87654321');
    const { code, stdout, stderr } = await dmw(['card', 'batch', file, '--server', 'http://x/dm', '--data', folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('line 2, iccid: error');
    expect(stderr).not.toContain('87654321');
  });
});
