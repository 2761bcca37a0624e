/** Cards that have it all: a DM and a CP bootstrap, access rules, keys, and what stands in the way of a write. */
import type { ApduView, CardSheetView, PlanView } from '../../src-core/workbench/views.ts';
import { apdus, plan, sheet } from './fake-workbench-data.ts';

/** Stands in the CP document, and nowhere on the page. */
export const CP_PASSWORD = 'sim-sala-bim';

export const CP_XML = `<?xml version="1.0"?>
<wap-provisioningdoc>
  <characteristic type="NAPDEF">
    <parm name="NAPID" value="trial"/>
    <parm name="NAP-ADDRESS" value="iot.example"/>
    <characteristic type="NAPAUTHINFO">
      <parm name="AUTHTYPE" value="PAP"/>
      <parm name="AUTHSECRET" value="${CP_PASSWORD}"/>
    </characteristic>
  </characteristic>
</wap-provisioningdoc>
`;

const ACCESS = 'READ: always; UPDATE: ADM1; DELETE, TERMINATE, DEACTIVATE, ACTIVATE: never';

export const bothSheet: Partial<CardSheetView> = {
  directory: { path: '3F007F50', access: 'CREATE FILE (EF): ADM1; DELETE: never; ACTIVATE, DEACTIVATE: ADM1 and PIN1' },
  files: sheet.files.map(file => ({ ...file, ...(file.path.startsWith('7F50') && { access: ACCESS }) })),
  objects: [
    { dodf: '3F007F506430', label: 'DM', oid: '2.23.43.7.1', name: 'DM bootstrap', path: '3F007F506431' },
    { dodf: '3F007F506430', label: 'CP', oid: '2.23.43.5.1', name: 'CP bootstrap', path: '3F007F506434' },
    {
      dodf: '3F007F506430',
      label: 'Loyalty club of the operator',
      oid: '1.3.6.1.4.1.99999.12.7',
      path: '3F007F506F01',
    },
  ],
  provisioning: {
    path: '3F007F506434',
    bytes: 214,
    facts: ['NAPDEF', '  NAPID trial', '  NAP-ADDRESS iot.example', '  NAPAUTHINFO', '    AUTHSECRET •••'],
  },
};

/** Nothing of its PKCS#15 application is read before PIN1. */
export function lockedSheet(triesLeft: number | undefined): Partial<CardSheetView> {
  return {
    files: sheet.files.slice(0, 2),
    pin1: { enabled: true, needed: true, words: 'asked for', ...(triesLeft !== undefined && { triesLeft }) },
    problems: [
      `the card refused READ BINARY on 3F007F505031: 6982, security status not satisfied; it is read after PIN1; PIN1 has ${triesLeft} tries left`,
    ],
  };
}

const update = { read: 'always', update: 'ADM1' };

export const ruledPlan: Partial<PlanView> = {
  key: 'ADM1',
  files: plan.files.map(file => ({ ...file, access: update })),
  estimate: { apdus: 27, bytes: 2_940, ms: 1_920 },
};

export const hinderedPlan: Partial<PlanView> = {
  ...ruledPlan,
  key: 'ADM2',
  files: plan.files.map(file => ({
    ...file,
    access: { read: 'PIN1', update: file.change === 'unchanged' ? 'ADM1 or ADM2' : 'never' },
  })),
  hindrances: [
    { path: '7F50/6430', what: 'EF DODF', reason: 'its UPDATE rule is never', blocks: true },
    {
      path: '7F50/6432',
      what: 'former EF DM_Bootstrap',
      reason: 'what it holds stays there: its UPDATE rule asks for ADM1, and ADM2 is what is presented',
      blocks: false,
    },
  ],
};

const ICCID = sheet.iccid;
const at = apdus.at(-1)?.at ?? 0;

/** The first card, then another one, with content blanked out and refused commands. */
export const longTrace: readonly ApduView[] = [
  ...apdus,
  ...Array.from({ length: 24 }, (_, i) => ({
    at: at + 50 * i,
    iccid: ICCID,
    text: `UPDATE BINARY 6431, 128 bytes at ${i * 128}`,
    command: `00D6${(i * 128).toString(16).toUpperCase().padStart(4, '0')}80•••`,
    response: '',
    statusWord: i === 20 ? '6581' : '9000',
    ok: i !== 20,
    meaning: i === 20 ? 'memory problem' : 'normal ending',
    ms: 61,
  })),
  {
    at: at + 2_000,
    iccid: '8988211000000304999',
    text: 'READ BINARY 6431, 256 bytes from 0',
    command: '00B0000000',
    response: '••• 256 bytes',
    statusWord: '9000',
    ok: true,
    meaning: 'normal ending',
    ms: 44,
  },
];
