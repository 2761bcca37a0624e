/** A file on the card sheet: what its file control parameters say (ETSI TS 102 221 §11.1.1.3). */
import { describeAccessRules } from '../encoding/access-rules.ts';
import { type Fcp, shortIdentifierOf } from '../encoding/fcp.ts';
import { accessRulesOf } from './access.ts';
import type { CardChannel } from './file-access.ts';

export interface SheetFile {
  readonly path: string;
  readonly what: string;
  /** Bytes in the file, and bytes that are no FF padding. */
  readonly size: number;
  readonly used: number;
  readonly structure: 'transparent' | 'linear fixed' | 'cyclic';
  /** Of a file of records. */
  readonly records?: { readonly length: number; readonly count: number };
  /** Short file identifier; absent where the file has none. */
  readonly sfi?: number;
  /** `activated`; absent where the card does not say. */
  readonly lifeCycle?: string;
  /** `READ: always; UPDATE: ADM1`; absent where the card does not say. */
  readonly access?: string;
}

interface Described {
  readonly path: string;
  readonly what: string;
  readonly fcp: Fcp;
  readonly used: number;
  /** Path of its directory. */
  readonly base: string;
}

/** The selected file may be another one afterwards. */
export async function sheetFile(channel: CardChannel, { path, what, fcp, used, base }: Described): Promise<SheetFile> {
  const { recordLength, recordCount, size = used } = fcp;
  // A SIM has no short identifiers.
  const sfi = channel.gsm ? undefined : shortIdentifierOf(fcp);
  const lifeCycle = lifeCycleWords(fcp.lifeCycle);
  const access = await accessWords(channel, fcp, base);
  return {
    path,
    what,
    size,
    used,
    structure: STRUCTURES[fcp.structure],
    ...(recordLength !== undefined && { records: { length: recordLength, count: recordCount ?? 0 } }),
    ...(sfi !== undefined && { sfi }),
    ...(lifeCycle !== undefined && { lifeCycle }),
    ...(access !== undefined && { access }),
  };
}

export async function accessWords(
  channel: CardChannel,
  fcp: Fcp | undefined,
  base: string,
): Promise<string | undefined> {
  const rules = fcp && (await accessRulesOf(channel, fcp, base));
  return rules && rules.length > 0 ? describeAccessRules(rules) : undefined;
}

/** A directory has no structure, and is no file of the sheet. */
const STRUCTURES = {
  df: 'transparent',
  transparent: 'transparent',
  'linear-fixed': 'linear fixed',
  cyclic: 'cyclic',
} as const;

/** Life cycle status integer (TS 102 221 §11.1.1.4.9). */
function lifeCycleWords(status: number | undefined): string | undefined {
  if (status === undefined || status === 0) return undefined;
  if (status >= 0x0c && status <= 0x0f) return 'terminated';
  if (status === 0x01) return 'being created';
  if (status === 0x03) return 'being initialised';
  if (status === 0x05 || status === 0x07) return 'activated';
  if (status === 0x04 || status === 0x06) return 'deactivated';
  return `state ${status.toString(16).toUpperCase().padStart(2, '0')}`;
}
