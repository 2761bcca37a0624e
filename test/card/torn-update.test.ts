/** A card that loses its power in the middle of a command: the first bytes of an UPDATE BINARY are in its memory, the rest are not. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import type { ProfileId } from '../../src-core/card/profile-kind.ts';
import { type Plan, planCard, planErase, writePlan } from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { carryOut, document, foundBy, inReader, RIGHT, torn } from '../support/card-in-reader.ts';

const CP = Uint8Array.from([0x03, 0x0b, 0x6a, 0x00, 0x45, 0xc6, 0x55, 0x01, 0x01, 0x01]);

interface Case {
  readonly before: readonly (readonly [ProfileId, Uint8Array])[];
  readonly plan: (connection: CardConnection) => Promise<Plan>;
  /** Of the DM bootstrap. */
  readonly old: string;
  readonly next: string;
}

const OLD = document(300, 1);
const NEXT = document(280, 2);
const CHANGED = OLD.with(40, 0xfe).with(45, 0xfe);
const CASES: readonly [string, Case][] = [
  ['the first bootstrap', { before: [], plan: c => planCard(c, NEXT), old: 'no-bootstrap', next: toHex(NEXT) }],
  [
    'the first beside CP',
    { before: [['cp', CP]], plan: c => planCard(c, NEXT), old: 'no-bootstrap', next: toHex(NEXT) },
  ],
  [
    'another one',
    {
      before: [
        ['dm', OLD],
        ['cp', CP],
      ],
      plan: c => planCard(c, NEXT),
      old: toHex(OLD),
      next: toHex(NEXT),
    },
  ],
  [
    'one that differs in a few bytes',
    { before: [['dm', OLD]], plan: c => planCard(c, CHANGED), old: toHex(OLD), next: toHex(CHANGED) },
  ],
  [
    'none any more, the last of the list',
    {
      before: [
        ['cp', CP],
        ['dm', OLD],
      ],
      plan: c => planErase(c),
      old: toHex(OLD),
      next: 'no-bootstrap',
    },
  ],
];

describe('a command cut in the middle', () => {
  it.each(CASES)(
    'while %s is written: the old or the new, the other profile as it was, completed afterwards',
    async (_, of) => {
      const hasCp = of.before.some(([profile]) => profile === 'cp');
      const seen = new Set<string>();
      const prepared = async () => {
        const card = createUicc();
        for (const [profile, bytes] of of.before)
          await carryOut(card, await inReader(card, connection => planCard(connection, bytes, { profile })));
        return { card, plan: await inReader(card, of.plan) };
      };
      const { plan } = await prepared();
      expect(plan.updates.length).toBeGreaterThan(1);
      for (const [nth, { data }] of plan.updates.entries()) {
        for (const bytes of new Set([0, 1, 2, 3, 13, data.length / 2 - 1, data.length / 2])) {
          if (bytes < 0 || bytes > data.length / 2) continue;
          const { card, plan: made } = await prepared();
          const cut = inReader(card, connection => writePlan(torn(connection, nth, bytes), made, RIGHT));
          await expect(cut).rejects.toMatchObject({ code: 'card-removed' });
          const now = await foundBy(card, 'dm');
          expect([of.old, of.next], `update ${nth} cut after ${bytes} bytes`).toContain(now);
          if (hasCp) expect(await foundBy(card, 'cp')).toBe(toHex(CP));
          seen.add(now);
          // The same plan and a new one both complete it.
          await carryOut(card, (nth + bytes) % 2 === 0 ? made : await inReader(card, of.plan));
          expect(await foundBy(card, 'dm')).toBe(of.next);
        }
      }
      expect(seen).toEqual(new Set([of.old, of.next]));
    },
  );
});
