/** Power lost at every byte of every command, with another profile in the list: it never suffers, and the old or the new is found. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { type Plan, planCard, planErase, planRestore, writePlan } from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import type { Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { cardWithFiles, carryOut, document, foundBy, inReader, RIGHT, torn } from '../support/card-in-reader.ts';

const OLD = document(24, 1);
const NEXT = document(26, 2);
const CP = Uint8Array.from([0x03, 0x0b, 0x6a, 0x00, 0x45, 0xc6, 0x55, 0x01, 0x01, 0x01]);
const DODF = '3F007F506430';
const ODF_ENTRY = 'A70A300804063F007F506430';
const CP_ENTRY = '301A30040C02435030060604672B0501A10A300804063F007F506434';

/** Entries of a DM bootstrap, as they are found on cards. */
const ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';
const OUT_OF_USE = ENTRY.replace('2B0701', '2B0700');
/** Two bytes from the files that are usual. */
const ISSUERS = ENTRY.replace('506431', '506F01');
const RELATIVE = '301630040C02444D30060604672B0701A106300404026431';
/** As a phone reads it that goes by the class attributes, and as one that goes by the identifier. */
const OID_TWICE = 'A12230040C02444D30060604672B0701A11230100604672B0701300804063F007F506F01';
/** The first 24 bytes of its file only: index 0, length 24. */
const PART = '302030040C02444D30060604672B0701A110300E04063F007F506431020100800118';

/** Files of the application by their identifiers: content in hexadecimal, 64 bytes each unless given. */
type Image = Readonly<Record<string, string>>;

interface Case {
  readonly entries: readonly string[];
  readonly files: Image;
  readonly plan: (connection: CardConnection) => Promise<Plan>;
  readonly old: string;
  readonly next: string;
  /** Of EF(DODF): no room for another entry. */
  readonly tight?: true;
  /** What the plan says: there is none in between. */
  readonly gap?: true;
}

const NONE = 'no-bootstrap';
const USUAL: Image = { '6431': toHex(OLD), '6432': '' };
const AT_ISSUERS: Image = { '6F01': toHex(OLD), '6431': '' };
const another = (connection: CardConnection) => planCard(connection, NEXT);
const backup = { iccid: DEFAULT_ICCID, at: 1, files: [] };
const change = { old: toHex(OLD), next: toHex(NEXT) };
const loss = { old: toHex(OLD), next: NONE };

const CASES: readonly [string, Case][] = [
  ['another one, in a second file', { entries: [ENTRY], files: USUAL, plan: another, ...change }],
  ['another one, in place', { entries: [ENTRY], files: { '6431': toHex(OLD) }, plan: another, ...change, gap: true }],
  ['none any more', { entries: [ENTRY], files: USUAL, plan: c => planErase(c), ...loss }],
  [
    'what a backup has',
    { entries: [ENTRY], files: USUAL, plan: c => planRestore(c, { ...backup, document: toHex(NEXT) }), ...change },
  ],
  ['that a backup has none', { entries: [ENTRY], files: USUAL, plan: c => planRestore(c, backup), ...loss }],
  [
    'one where it was before',
    { entries: [OUT_OF_USE], files: { '6431': '' }, plan: another, old: NONE, next: toHex(NEXT) },
  ],
  ['another one behind a path of its directory', { entries: [RELATIVE], files: USUAL, plan: another, ...change }],
  ['one by a path that differs in two bytes', { entries: [ISSUERS], files: AT_ISSUERS, plan: another, ...change }],
  [
    'one by a path that differs in two bytes, without room for another entry',
    { entries: [ISSUERS], files: AT_ISSUERS, plan: another, ...change, tight: true, gap: true },
  ],
  [
    'one by another path in an entry that was out of use',
    {
      entries: [OUT_OF_USE.replace('506431', '506E02'), ISSUERS],
      files: AT_ISSUERS,
      plan: another,
      ...change,
      tight: true,
    },
  ],
  [
    'one where two entries led',
    {
      entries: [ENTRY, ISSUERS],
      files: { '6431': toHex(OLD), '6F01': toHex(OLD), '6432': '' },
      plan: another,
      ...change,
    },
  ],
  ['another one that an oidDO names twice', { entries: [OID_TWICE], files: AT_ISSUERS, plan: another, ...change }],
  [
    'none any more that an oidDO names twice',
    { entries: [OID_TWICE], files: AT_ISSUERS, plan: c => planErase(c), ...loss },
  ],
  [
    'one that is longer than its part of a file',
    { entries: [PART], files: { '6431': `${toHex(OLD)}C0FFEE`, '6432': '' }, plan: another, ...change },
  ],
];

const imageOf = (card: Uicc, files: Image): Image =>
  Object.fromEntries(Object.keys(files).map(fid => [fid, toHex(card.file(`3F007F50${fid}`))]));

/** The entries as a reader walks them that knows nothing but tags and lengths below 128. */
function walked(dodf: Uint8Array): string[] {
  const entries: string[] = [];
  for (let at = 0; dodf[at] !== undefined && dodf[at] !== 0x00 && dodf[at] !== 0xff; ) {
    const end = at + 2 + (dodf[at + 1] ?? 0);
    entries.push(toHex(dodf.subarray(at, end)));
    at = end;
  }
  return entries;
}

describe.each(['before', 'behind'] as const)('an entry %s that of another profile', place => {
  it.each(CASES)('while it is written: %s', async (_, of) => {
    const [first, ...more] = of.entries;
    const list = place === 'before' ? `${first}${CP_ENTRY}${more.join('')}` : `${CP_ENTRY}${of.entries.join('')}`;
    const files: Image = { '5031': ODF_ENTRY, '6430': list, '6434': toHex(CP), ...of.files };
    const dodfSize = of.tight ? list.length / 2 + 2 : 128;
    const sizeOf = (fid: string) => (fid === '6430' ? dodfSize : 64);
    const prepared = (image = files) => cardWithFiles(image, { sizeOf });
    const plan = await inReader(prepared(), of.plan);
    expect([plan.gap, plan.updates.length > 1]).toEqual([of.gap ?? false, true]);
    const allowed = of.gap ? [of.old, NONE, of.next] : [of.old, of.next];
    const seen = new Set<string>();
    for (const [nth, { data }] of plan.updates.entries())
      for (let bytes = 0; bytes <= data.length / 2; bytes++) {
        const where = `command ${nth} cut after ${bytes} bytes`;
        const card = prepared();
        const cut = inReader(card, connection => writePlan(torn(connection, nth, bytes), plan, RIGHT));
        await expect(cut).rejects.toMatchObject({ code: 'card-removed' });
        const now = await foundBy(card, 'dm');
        expect(allowed, where).toContain(now);
        seen.add(now);
        expect(await foundBy(card, 'cp'), where).toBe(toHex(CP));
        const dodf = card.file(DODF);
        expect(walked(dodf), where).toContain(CP_ENTRY);
        expect(toHex(dodf).indexOf(CP_ENTRY), where).toBe(list.indexOf(CP_ENTRY));
        const image = imageOf(card, files);
        for (const again of [plan, await inReader(card, of.plan)]) {
          const completed = prepared(image);
          await carryOut(completed, again);
          expect(walked(completed.file(DODF)), where).toContain(CP_ENTRY);
          expect(await foundBy(completed, 'dm'), where).toBe(of.next);
        }
      }
    expect(seen).toEqual(new Set(allowed));
  });
});
