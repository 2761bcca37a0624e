/** A bootstrap that is erased, and one that comes back from a backup. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { backupOf, type CardBackup, planErase, planRestore, writePlan } from '../../src-core/card/provision.ts';
import { DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { document, foundBy, inReader, RIGHT, usedBytes } from '../support/card-in-reader.ts';
import { BOOTSTRAP, DODF, plan, provision, verify, write } from '../support/provisioning.ts';

describe('erase and restore', () => {
  const erase = (card: Uicc) => inReader(card, planErase);
  const restore = (card: Uicc, backup: CardBackup) => inReader(card, connection => planRestore(connection, backup));

  it('erases pointer first, and leaves nothing of the bootstrap', async () => {
    const card = createUicc();
    await provision(card, document(600, 1));
    const made = await erase(card);
    expect(made.updates[0]?.path).toBe(DODF);
    await expect(verify(card, made)).rejects.toMatchObject({ code: 'verify-failed' });
    await write(card, made);
    await verify(card, made);
    expect([await foundBy(card), usedBytes(card, BOOTSTRAP), usedBytes(card, DODF)]).toEqual(['no-bootstrap', '', '']);
    expect((await erase(card)).updates).toEqual([]);
  });

  it('puts back what was there before each write, also where the new one went into another file', async () => {
    const documents = [1, 2, 3].map(seed => document(600, seed));
    const card = createUicc();
    const backups: CardBackup[] = [];
    for (const one of documents) {
      const made = await plan(card, one);
      backups.push(JSON.parse(JSON.stringify(backupOf(made, 1000))));
      await write(card, made);
      await verify(card, made);
    }
    expect(backups[2]).toMatchObject({ iccid: DEFAULT_ICCID, at: 1000, document: toHex(document(600, 2)) });
    for (const [i, found] of [2, 1, 0].map(at => [at, at === 0 ? 'no-bootstrap' : toHex(document(600, at))] as const)) {
      const back = await restore(card, backups[i] as CardBackup);
      expect(back.gap).toBe(false);
      await write(card, back);
      await verify(card, back);
      expect(await foundBy(card)).toBe(found);
    }
  });

  it('leaves nothing in the other file either, where a write was cut before it was blanked', async () => {
    const card = createUicc();
    await provision(card, document(600, 1));
    const made = await plan(card, document(600, 2));
    const stop = new AbortController();
    const cut = inReader(card, connection =>
      writePlan(connection, made, RIGHT, {
        signal: stop.signal,
        onProgress: ({ path }) => path === DODF && stop.abort(),
      }),
    );
    await expect(cut).rejects.toMatchObject({ code: 'write-cancelled' });
    expect([usedBytes(card, BOOTSTRAP) === '', await foundBy(card)]).toEqual([false, toHex(document(600, 2))]);
    await expect(verify(card, made)).rejects.toMatchObject({ code: 'verify-failed', details: { path: BOOTSTRAP } });
    const gone = await erase(card);
    await write(card, gone);
    await verify(card, gone);
    expect([usedBytes(card, BOOTSTRAP), usedBytes(card, '3F007F506432'), await foundBy(card)]).toEqual([
      '',
      '',
      'no-bootstrap',
    ]);
  });

  it('an erase cut after its pointer is not done until the content is gone', async () => {
    const card = createUicc();
    await provision(card, document(600, 1));
    const made = await erase(card);
    const stop = new AbortController();
    await inReader(card, connection =>
      writePlan(connection, made, RIGHT, { signal: stop.signal, onProgress: ({ done }) => done === 2 && stop.abort() }),
    ).catch(() => undefined);
    expect(await foundBy(card)).toBe('no-bootstrap');
    await expect(verify(card, made)).rejects.toMatchObject({ code: 'verify-failed', details: { path: DODF } });
    await write(card, made);
    await verify(card, made);
  });

  it('refuses the backup of another card', async () => {
    const card = createUicc();
    await provision(card, document(60, 1));
    const backup = { ...backupOf(await erase(card), 1), iccid: '89882110000003041' };
    await expect(restore(card, backup)).rejects.toMatchObject({ code: 'other-card' });
  });
});
