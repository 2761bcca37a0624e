/** EF(DODF) in memory: whatever entries are in it and wherever a bootstrap goes, no byte that was written last leaves it broken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { CardError } from '../../src-core/base/errors.ts';
import { dodfUpdates, odfUpdates } from '../../src-core/card/directory-updates.ts';
import { type Directories, layoutOf, resolvePath } from '../../src-core/card/layout.ts';
import { dodfTo, dodfWithout, odfTo } from '../../src-core/card/pointers.ts';
import { PROFILE_KINDS } from '../../src-core/card/profile-kind.ts';
import { decodeDodf, decodeOdf } from '../../src-core/encoding/pkcs15.ts';

const BASE = '3F007F50';
const KIND = PROFILE_KINDS.dm;

/** One of ours; the last arc 1 is in use, 0 is not. */
const ours = fc
  .record({
    arc: fc.constantFrom('00', '01'),
    file: fc.constantFrom('6431', '6432', '6F01', '6E02'),
    form: fc.constantFrom(
      (arc: string, file: string) => `301A30040C02444D30060604672B07${arc}A10A300804063F007F50${file}`,
      (arc: string, file: string) => `301630040C02444D30060604672B07${arc}A10630040402${file}`,
      (arc: string, file: string) => `A11C30040C02444D3000A11230100604672B07${arc}300804063F007F50${file}`,
      (arc: string, file: string) =>
        `A12230040C02444D30060604672B07${arc}A11230100604672B07${arc}300804063F007F50${file}`,
      (arc: string, file: string) => `302030040C02444D30060604672B07${arc}A110300E04063F007F50${file}020100800118`,
    ),
  })
  .map(({ arc, file, form }) => form(arc, file));
const foreign = fc.constantFrom(
  'A006300430023000',
  '301A30040C02435030060604672B0501A10A300804063F007F506434',
  '3014300030060604672B0901A108300604043F006F02',
);
const lists = fc.record({
  entries: fc.array(fc.oneof(foreign, ours), { maxLength: 6 }),
  room: fc.constantFrom(0, 3, 40, 80),
  padding: fc.constantFrom('00', 'FF', 'FFAB', '0030'),
});

function directoriesOf(entries: readonly string[], room: number, padding: string): Directories {
  const list = entries.join('');
  const bytes = fromHex(`${list}${padding.repeat(room)}`.slice(0, list.length + 2 * room));
  const odf = fromHex(`A70A300804063F007F506430${'FF'.repeat(20)}`);
  const file = { fcp: undefined };
  return {
    base: BASE,
    odf: { ...file, path: `${BASE}5031`, bytes: odf, entries: decodeOdf(odf) },
    dodfs: [{ ...file, path: `${BASE}6430`, bytes, entries: decodeDodf(bytes) }],
    dodfListed: true,
  };
}

/** What handsets find: the first object of the kind, some the last; and all that is somebody else's with its place. */
function seenIn(bytes: Uint8Array) {
  let at = 0;
  const others: string[] = [];
  const own: string[] = [];
  for (const { raw, value } of decodeDodf(bytes)) {
    const oid = value?.applicationOid ?? '';
    if (oid === KIND.oid && value) own.push(`${resolvePath(BASE, value.path)} ${JSON.stringify(value.part ?? '')}`);
    else if (oid !== '2.23.43.7.0') others.push(`${at} ${toHex(raw)}`);
    at += raw.length;
  }
  return { others, own: own[0] ?? 'none', last: own.at(-1) ?? 'none', count: own.length };
}

/** After each command, and after each byte of one. */
function* states(from: Uint8Array, updates: readonly { readonly offset: number; readonly data: Uint8Array }[]) {
  const now = from.slice();
  for (const { offset, data } of updates)
    for (const [i, byte] of data.entries()) {
      now[offset + i] = byte;
      yield now.slice();
    }
}

function targetOf(directories: Directories, file: string | undefined): Uint8Array | undefined {
  const layout = layoutOf(directories, KIND);
  const { bytes } = layout.dodf;
  try {
    return file === undefined ? dodfWithout(layout, bytes) : dodfTo(layout, bytes, { path: `${BASE}${file}` });
  } catch (error) {
    if (error instanceof CardError && error.code === 'file-too-small') return undefined;
    throw error;
  }
}

describe('EF(DODF) in use', () => {
  it('shows the old or the new after every byte, and everybody else where he was', () => {
    let changes = 0;
    fc.assert(
      fc.property(lists, fc.constantFrom('6431', '6432', '6F01', undefined), ({ entries, room, padding }, file) => {
        const directories = directoriesOf(entries, room, padding);
        const from = directories.dodfs[0].bytes;
        const to = targetOf(directories, file);
        if (!to) return;
        const updates = dodfUpdates(from, to, KIND.oid);
        const [before, after] = [seenIn(from), seenIn(to)];
        expect([after.others, after.own]).toEqual([before.others, file === undefined ? 'none' : `${BASE}${file} ""`]);
        const hasGap = updates.some(({ gap }) => gap);
        const allowed = [before.own, after.own, ...(hasGap ? ['none'] : [])];
        let reached = from;
        for (const state of states(from, updates)) {
          const { others, own, last } = seenIn(state);
          expect(others).toEqual(before.others);
          expect(allowed).toContain(own);
          if (before.count < 2) expect(allowed).toContain(last);
          // From there the same bytes are reached again.
          expect([...states(state, dodfUpdates(state, to, KIND.oid))].at(-1) ?? state).toEqual(to);
          reached = state;
          changes += 1;
        }
        expect(reached).toEqual(to);
      }),
      { numRuns: 150 },
    );
    expect(changes).toBeGreaterThan(500);
  });
});

describe('EF(ODF)', () => {
  it.each(['FF', '00', 'FFAB'])('gets its entry for data objects by one byte, before padding %s', padding => {
    const certificates = 'A40A300804063F007F506440';
    const bytes = fromHex(`${certificates}${padding.repeat(20)}`);
    const directories = directoriesOf([], 64, 'FF');
    const odf = { ...directories.odf, bytes, entries: decodeOdf(bytes) };
    const to = odfTo(layoutOf({ ...directories, odf, dodfListed: false }, KIND), bytes);
    const updates = odfUpdates(bytes, to);
    expect(updates.at(-1)).toMatchObject({ offset: 12, data: fromHex('A7') });
    const seen = new Set(
      [...states(bytes, updates)].map(state =>
        decodeOdf(state)
          .map(({ raw }) => toHex(raw))
          .join(' '),
      ),
    );
    expect([...seen]).toEqual([certificates, `${certificates} A70A300804063F007F506430`]);
  });
});
