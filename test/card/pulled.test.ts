/** A card pulled between any two commands of a write. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { writePlan } from '../../src-core/card/provision.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { document, foundBy, inReader, RIGHT } from '../support/card-in-reader.ts';
import { BOOTSTRAP, cardOf, plan, provision, verify, write } from '../support/provisioning.ts';

describe('a card pulled at any moment of a write', () => {
  /** A card with the old bootstrap (or none), torn off after `commands` commands of writing the new one. */
  async function tornWrite(old: Uint8Array | undefined, next: Uint8Array, commands: number) {
    const card = createUicc();
    if (old) await provision(card, old);
    const made = await plan(card, next);
    const outcome = await inReader(card, connection => {
      card.tearAfter(commands);
      return writePlan(connection, made, RIGHT).then(
        () => 'written',
        error => `${error.code}: ${error.message}`,
      );
    });
    return { card, made, outcome };
  }

  const cases: [string, Uint8Array | undefined, Uint8Array][] = [
    ['a blank card', undefined, document(600, 2)],
    ['a longer old bootstrap', document(900, 1), document(600, 2)],
    ['a shorter old bootstrap', document(100, 1), document(600, 2)],
    ['an old bootstrap that differs in one command', document(200, 1), document(200, 2)],
  ];

  it.each(cases)('%s: the old or the new, never neither; written again it is complete', async (_, old, next) => {
    const allowed = new Set([old ? toHex(old) : 'no-bootstrap', toHex(next)]);
    const seen = new Set<string>();
    let pulls = 0;
    for (let commands = 0; ; commands++) {
      const { card, made, outcome } = await tornWrite(old, next, commands);
      if (outcome === 'written') break;
      pulls += 1;
      expect(outcome).toMatch(/^card-removed: .*can be resumed/);
      const found = await foundBy(card);
      expect(allowed).toContain(found);
      seen.add(found);

      await write(card, JSON.parse(JSON.stringify(made)));
      await verify(card, made);
      expect(await foundBy(card)).toBe(toHex(next));
      expect(card.admTriesLeft).toBe(3);
    }
    // The write really was cut at each of its commands, from before the first to the response of the last.
    expect(pulls).toBeGreaterThan(10);
    expect(seen).toContain(old ? toHex(old) : 'no-bootstrap');
    expect(seen).toContain(toHex(next));
  });

  it.each(cases)('%s: a new plan for the half-written card completes it too', async (_, old, next) => {
    for (let commands = 0; ; commands++) {
      const { card, outcome } = await tornWrite(old, next, commands);
      if (outcome === 'written') break;
      const again = await plan(card, next);
      await write(card, again);
      await verify(card, again);
    }
  });

  it('a write cancelled between two commands can be resumed', async () => {
    const card = createUicc();
    await provision(card, document(900, 1));
    const made = await plan(card, document(600, 2));
    const stop = new AbortController();
    const cancelled = inReader(card, connection =>
      writePlan(connection, made, RIGHT, { signal: stop.signal, onProgress: () => stop.abort() }),
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'write-cancelled' });
    expect(await foundBy(card)).toBe(toHex(document(900, 1)));
    await write(card, made);
    await verify(card, made);
  });

  it('without room for a second file: old, none or new, and the plan says so', async () => {
    const locked = () => cardOf({ change: 'never' });
    const blank = await plan(locked(), document(600, 2));
    expect(blank.gap).toBe(false);
    const [old, next] = [document(900, 1), document(600, 2)];
    const seen = new Set<string>();
    for (let commands = 0; ; commands++) {
      const card = locked();
      await provision(card, old);
      const made = await plan(card, next);
      expect([made.gap, made.files[0]?.path]).toEqual([true, BOOTSTRAP]);
      const written = await inReader(card, connection => {
        card.tearAfter(commands);
        return writePlan(connection, made, RIGHT).then(
          () => true,
          () => false,
        );
      });
      if (written) break;
      seen.add(await foundBy(card));
      await write(card, made);
      await verify(card, made);
    }
    expect(seen).toEqual(new Set([toHex(old), 'no-bootstrap', toHex(next)]));
  });
});
