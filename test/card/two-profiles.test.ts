/** A DM and a CP bootstrap on one card: each is found by its OID, and neither touches the other. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src-core/base/bytes.ts';
import { cpDocument } from '../../src-core/bootstrap/cp-document.ts';
import type { ProfileId } from '../../src-core/card/profile-kind.ts';
import {
  backupOf,
  type Plan,
  planCard,
  planErase,
  planRestore,
  verifyPlan,
  writePlan,
} from '../../src-core/card/provision.ts';
import { readSheet } from '../../src-core/card/sheet.ts';
import { readBootstrapFromCard } from '../../src-core/virtual/handset/card-bootstrap.ts';
import {
  type Access,
  blankSimProfile,
  blankUiccProfile,
  DEFAULT_ICCID,
  type DfProfile,
  type FileProfile,
} from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';
import { carryOut, document as dm, foundBy, inReader, RIGHT, usedBytes } from '../support/card-in-reader.ts';

const DODF = '3F007F506430';
const DM_FILE = '3F007F506431';
const CP_FILE = '3F007F506434';
/** As a deployed phone looks for it: 2.23.43.5.1. */
const CP_ENTRY = '301A30040C02435030060604672B0501A10A300804063F007F506434';
const DM_ENTRY = '301A30040C02444D30060604672B0701A10A300804063F007F506431';

const cp = (address: string) =>
  cpDocument(
    new TextEncoder().encode(
      `<wap-provisioningdoc version="1.0"><characteristic type="NAPDEF"><parm name="NAPID" value="NET"/>
       <parm name="NAP-ADDRESS" value="${address}"/></characteristic></wap-provisioningdoc>`,
    ),
  );

async function provision(card: Uicc, bytes: Uint8Array, profile: ProfileId): Promise<Plan> {
  const plan = await inReader(card, connection => planCard(connection, bytes, { profile }));
  await carryOut(card, plan);
  return plan;
}

/** The default card with other files in the PKCS#15 directory. */
function cardWith(change: (files: readonly FileProfile[]) => readonly FileProfile[], access: Access = 'adm1'): Uicc {
  const blank = blankUiccProfile(DEFAULT_ICCID);
  const files = blank.files.map(file =>
    file.kind === 'df' && file.fid === 0x7f50 ? { ...file, change: access, files: change(file.files) } : file,
  );
  return createUicc({ profile: { ...blank, files } as DfProfile });
}
const withContent = (fid: number, content: string) => (files: readonly FileProfile[]) =>
  files.map(file => (file.fid === fid && file.kind === 'transparent' ? { ...file, content } : file));

describe('a CP bootstrap', () => {
  it('goes beside the DM bootstrap into a file of its own, with an entry under its OID', async () => {
    const card = createUicc();
    await provision(card, dm(300, 1), 'dm');
    const plan = await provision(card, cp('internet'), 'cp');
    expect(plan.files.map(({ path, what }) => [path, what])).toEqual([
      [CP_FILE, 'EF Bootstrap (CP)'],
      [DODF, 'EF(DODF)'],
      ['3F007F505031', 'EF(ODF)'],
    ]);
    expect(usedBytes(card, DODF)).toBe(DM_ENTRY + CP_ENTRY);
    expect([await foundBy(card, 'dm'), await foundBy(card, 'cp')]).toEqual([toHex(dm(300, 1)), toHex(cp('internet'))]);
  });

  it('and the DM bootstrap are changed and erased without each other', async () => {
    const card = createUicc();
    await provision(card, cp('internet'), 'cp');
    await provision(card, dm(600, 1), 'dm');
    await provision(card, dm(900, 2), 'dm');
    expect(await foundBy(card, 'cp')).toBe(toHex(cp('internet')));
    await provision(card, cp('another.net.example'), 'cp');
    expect([await foundBy(card, 'dm'), await foundBy(card, 'cp')]).toEqual([
      toHex(dm(900, 2)),
      toHex(cp('another.net.example')),
    ]);
    const erase = await inReader(card, connection => planErase(connection, 'cp'));
    const backup = JSON.parse(JSON.stringify(backupOf(erase, 1)));
    expect(backup).toMatchObject({ profile: 'cp', document: toHex(cp('another.net.example')) });
    await carryOut(card, erase);
    expect([await foundBy(card, 'dm'), await foundBy(card, 'cp')]).toEqual([toHex(dm(900, 2)), 'no-bootstrap']);
    await carryOut(card, await inReader(card, connection => planErase(connection, 'dm')));
    expect(usedBytes(card, DODF)).toBe('');
    await carryOut(card, await inReader(card, connection => planRestore(connection, backup)));
    expect([await foundBy(card, 'dm'), await foundBy(card, 'cp')]).toEqual([
      'no-bootstrap',
      toHex(cp('another.net.example')),
    ]);
  });

  it('pulled at any moment: the old or the new CP document, and always the DM bootstrap', async () => {
    const next = cp('a.much.longer.address.of.another.network.example');
    const seen = new Set<string>();
    for (let commands = 0; ; commands++) {
      const card = createUicc();
      await provision(card, dm(300, 1), 'dm');
      await provision(card, cp('old'), 'cp');
      const plan = await inReader(card, connection => planCard(connection, next, { profile: 'cp' }));
      const written = await inReader(card, connection => {
        card.tearAfter(commands);
        return writePlan(connection, plan, RIGHT).then(
          () => true,
          () => false,
        );
      });
      if (written) break;
      expect(await foundBy(card, 'dm')).toBe(toHex(dm(300, 1)));
      const now = await foundBy(card, 'cp');
      expect([toHex(cp('old')), toHex(next)]).toContain(now);
      seen.add(now);
      await carryOut(card, plan);
    }
    expect(seen.size).toBe(2);
  });

  it('lies where the issuer put it: blank in the usual file of DM, which then takes another', async () => {
    const entry = CP_ENTRY.replace('506434', '506431');
    const content = (files: readonly FileProfile[]) => [
      ...withContent(0x6430, entry)(withContent(0x5031, 'A70A300804063F007F506430')(files)),
      { kind: 'transparent', fid: 0x6432, size: 1024, read: 'always', update: 'adm1' } as const,
    ];
    const card = cardWith(content, 'never');
    const first = await provision(card, dm(300, 1), 'dm');
    expect(first.files[0]?.path).toBe('3F007F506432');
    const plan = await provision(card, cp('internet'), 'cp');
    expect(plan).toMatchObject({ gap: false, files: [{ path: DM_FILE }, {}, {}] });
    expect(await foundBy(card, 'dm')).toBe(toHex(dm(300, 1)));
    expect(await foundBy(card, 'cp')).toBe(toHex(cp('internet')));
  });

  it('takes a free file where the card lets none be created', async () => {
    const card = cardWith(files => files, 'never');
    const plan = await provision(card, cp('internet'), 'cp');
    expect(plan.files[0]?.path).toBe(DM_FILE);
  });

  it('is shown in the sheet of the card, by its OID', async () => {
    const card = createUicc();
    await provision(card, cp('internet'), 'cp');
    const sheet = await inReader(card, readSheet);
    expect(sheet.objects).toEqual([
      { dodf: DODF, label: 'CP', oid: '2.23.43.5.1', name: 'CP bootstrap', path: CP_FILE },
    ]);
    expect(sheet.bootstraps.map(({ profile, path, bytes }) => [profile, path, toHex(bytes)])).toEqual([
      ['cp', CP_FILE, toHex(cp('internet'))],
    ]);
    expect(sheet.problems).toEqual([]);
  });

  it('works on a SIM in class A0', async () => {
    const profile = blankSimProfile(DEFAULT_ICCID);
    const card = createUicc({ profile, habits: { classes: 'A0-only' } });
    const plan = await inReader(card, connection => planCard(connection, cp('internet'), { profile: 'cp' }));
    await inReader(card, connection => writePlan(connection, plan, RIGHT, { consent: { iccid: DEFAULT_ICCID } }));
    await inReader(card, connection => verifyPlan(connection, plan));
    expect(await foundBy(card, 'cp')).toBe(toHex(cp('internet')));
  });
});

describe('a second EF(DODF)', () => {
  const SECOND = '3F007F506435';
  const second = (content: string) => (files: readonly FileProfile[]) => [
    ...withContent(0x5031, 'A70A300804063F007F506430A70A300804063F007F506435')(files),
    { kind: 'transparent', fid: 0x6435, size: 128, content, read: 'always', update: 'adm1' } as const,
  ];

  it('that has the entry of the DM bootstrap is used, by the handset too', async () => {
    const card = cardWith(second(DM_ENTRY));
    await provision(card, dm(300, 1), 'dm');
    await provision(card, dm(400, 2), 'dm');
    expect([usedBytes(card, DODF), usedBytes(card, SECOND)]).toEqual(['', DM_ENTRY]);
    const read = await inReader(card, connection => readBootstrapFromCard(apdu => connection.transmit(apdu)));
    expect(toHex(read ?? new Uint8Array())).toBe(toHex(dm(400, 2)));
  });

  it('holds CP while the first holds DM; a full one is passed by', async () => {
    const card = cardWith(second(CP_ENTRY));
    await provision(card, dm(300, 1), 'dm');
    await provision(card, cp('internet'), 'cp');
    expect([usedBytes(card, DODF), usedBytes(card, SECOND)]).toEqual([DM_ENTRY, CP_ENTRY]);
    const full = `3070${'00'.repeat(112)}`.replace(/^3070/, 'A270');
    const other = cardWith(files => withContent(0x6430, full)(second('')(files)));
    await provision(other, dm(300, 1), 'dm');
    expect([usedBytes(other, DODF), usedBytes(other, SECOND)]).toEqual([full, DM_ENTRY]);
  });
});
