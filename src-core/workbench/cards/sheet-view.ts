/** A card sheet as the page and the command line show it: the bootstraps decoded, secrets as bullets. */
import { describeError } from '../../base/errors.ts';
import { readDmBootstrap } from '../../bootstrap/dm-profile.ts';
import type { CardSheet, SheetPin } from '../../card/sheet.ts';
import type { SheetFile } from '../../card/sheet-file.ts';
import type { CardSheetView } from '../views.ts';
import { bootstrapFacts } from './plan-view.ts';

export function sheetView(reader: string, sheet: CardSheet): CardSheetView {
  const { bootstraps, applications, files, pin1, ...rest } = sheet;
  const [dm, cp] = [
    bootstraps.find(({ profile }) => profile === 'dm'),
    bootstraps.find(({ profile }) => profile === 'cp'),
  ];
  return {
    ...rest,
    reader,
    files: files.map(file => ({ ...file, words: fileWords(file) })),
    pin1: { ...pin1, words: pinWords(pin1) },
    applications: applications.map(({ label = '', ...application }) => ({ ...application, label })),
    ...(dm && { bootstrap: bootstrapView(dm.bytes) }),
    ...(cp && { provisioning: { path: cp.path, bytes: cp.bytes.length, facts: bootstrapFacts(cp.bytes, 'cp') } }),
  };
}

function bootstrapView(bytes: Uint8Array): NonNullable<CardSheetView['bootstrap']> {
  try {
    const [account] = readDmBootstrap(bytes).accounts;
    return {
      bytes: bytes.length,
      serverId: account?.serverId ?? '',
      serverUrl: account?.serverUrl ?? '',
      detail: account ? `user ${account.client.name}` : '',
      facts: bootstrapFacts(bytes),
    };
  } catch (error) {
    return {
      bytes: bytes.length,
      serverId: '',
      serverUrl: '',
      detail: `cannot be read: ${describeError(error)}`,
      facts: [],
    };
  }
}

function fileWords({ structure, records, sfi, lifeCycle }: SheetFile): string {
  return [
    structure,
    ...(records ? [`${records.count} ${records.count === 1 ? 'record' : 'records'} of ${records.length} bytes`] : []),
    sfi === undefined ? 'no SFI' : `SFI ${sfi}`,
    ...(lifeCycle === undefined ? [] : [lifeCycle]),
  ].join(', ');
}

function pinWords({ enabled, triesLeft }: SheetPin): string {
  if (enabled === false) return 'disabled: nobody is asked for it';
  if (triesLeft === 0) return 'blocked: its PUK unblocks it';
  const tries =
    triesLeft === undefined ? 'unknown how many tries left' : `${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left`;
  return enabled ? `asked for, ${tries}` : tries;
}
