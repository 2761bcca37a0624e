/** Programs that test files drive. Where one is missing its files are left out, with the reason; with CI set that is a failure. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
const VPCD = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].map(lib => `${lib}/pcsc/drivers/serial/libifdvpcd.so`);
const program = (name: string) => FOLDERS.some(folder => existsSync(join(folder, name)));

/** How to tell that it is there, and how to get it. */
const PARTS = {
  pcscd: { here: () => program('pcscd'), get: 'package pcscd' },
  vpcd: { here: () => VPCD.some(file => existsSync(file)), get: 'package vsmartcard-vpcd' },
  smartcard: {
    here: () => existsSync(join(import.meta.dirname, '../../node_modules/smartcard')),
    get: 'packages libpcsclite-dev, g++, make and python3, then npm test again',
  },
  socat: { here: () => program('socat'), get: 'package socat' },
  chromium: { here: () => program('chromium'), get: 'package chromium' },
  opensc: { here: () => program('opensc-explorer'), get: 'package opensc' },
  wbxml2xml: { here: () => program('wbxml2xml'), get: 'package libwbxml2-utils' },
} as const;

type Part = keyof typeof PARTS;

const PCSC: readonly Part[] = ['pcscd', 'vpcd', 'smartcard'];
const FILES: Readonly<Record<string, readonly Part[]>> = {
  'test/bootstrap/dm-profile.test.ts': ['wbxml2xml'],
  'test/card/pcsc.test.ts': PCSC,
  'test/cli/card-batch.test.ts': PCSC,
  'test/cli/card-pin.test.ts': PCSC,
  'test/cli/card-resume.test.ts': PCSC,
  'test/cli/dmw.test.ts': [...PCSC, 'socat'],
  'test/e2e/demo.test.ts': [...PCSC, 'socat'],
  'test/e2e/story.test.ts': [...PCSC, 'socat', 'chromium'],
  'test/encoding/third-party.test.ts': ['wbxml2xml'],
  'test/encoding/wbxml.test.ts': ['wbxml2xml'],
  'test/encoding/wbxml-types.test.ts': ['wbxml2xml'],
  'test/fuzz/documents/libwbxml.test.ts': ['wbxml2xml'],
  'test/handset/link.test.ts': ['socat'],
  'test/handset/serial-port.test.ts': ['socat'],
  'test/renderer/account.test.ts': ['chromium'],
  'test/renderer/batch.test.ts': ['chromium'],
  'test/renderer/cards-core.test.ts': ['chromium'],
  'test/renderer/cards-pin.test.ts': ['chromium'],
  'test/renderer/cards-plan.test.ts': ['chromium'],
  'test/renderer/cards-risks.test.ts': ['chromium'],
  'test/renderer/cards-trace.test.ts': ['chromium'],
  'test/renderer/ddf.test.ts': ['chromium'],
  'test/renderer/devices.test.ts': ['chromium'],
  'test/renderer/message.test.ts': ['chromium'],
  'test/renderer/node-commands.test.ts': ['chromium'],
  'test/renderer/node-live.test.ts': ['chromium'],
  'test/renderer/node.test.ts': ['chromium'],
  'test/renderer/objects.test.ts': ['chromium'],
  'test/renderer/page-axe.test.ts': ['chromium'],
  'test/renderer/page-cards.test.ts': ['chromium'],
  'test/renderer/page-devices.test.ts': ['chromium'],
  'test/renderer/page-shell.test.ts': ['chromium'],
  'test/renderer/page-tree.test.ts': ['chromium'],
  'test/renderer/sessions.test.ts': ['chromium'],
  'test/renderer/snapshots.test.ts': ['chromium'],
  'test/syncml/vectors.test.ts': ['wbxml2xml'],
  'test/tree/tnds.test.ts': ['wbxml2xml'],
  'test/virtual/cable.test.ts': ['socat'],
  'test/virtual/uicc-opensc.test.ts': [...PCSC, 'opensc'],
};

/** Test files that cannot run here; says why. @throws where CI is set and one cannot. */
export function filesThatCannotRun(): string[] {
  return Object.entries(FILES).flatMap(([file, parts]) => {
    const missing = parts.filter(part => !PARTS[part].here());
    if (missing.length === 0) return [];
    const reason = `${file} needs ${missing.map(part => `${part} (${PARTS[part].get})`).join(', ')}`;
    if (process.env.CI) throw new Error(`${reason}, and CI is set`);
    console.warn(`skipped: ${reason}`);
    return [file];
  });
}
