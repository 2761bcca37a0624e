import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachToVpcd, VPCD_SLOTS } from '../../src-core/card/vpcd.ts';
import { csvOf, type TrayCard, trayCard } from '../support/card-tray.ts';
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

  it('of a list with an error touches no reader', async () => {
    const file = join(folder, 'faulty.csv');
    await writeFile(file, 'iccid,adm\n12,87654321');
    const { code, stdout, stderr } = await dmw(['card', 'batch', file, '--server', 'http://x/dm', '--data', folder]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('line 2, iccid: error');
    expect(stderr).not.toContain('87654321');
  });
});
