/** DevInfo as the server read it (OMA-TS-DM_StdObj-V1_2_1 §5.3.2). */
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { fieldProblems, type ObjectFact, type ObjectField, type ObjectViewBase, readFields } from './object-view.ts';

export interface DevInfoView extends ObjectViewBase {
  readonly kind: 'devinfo';
  readonly facts: readonly ObjectFact[];
}

const FIELDS: readonly ObjectField[] = [
  { path: 'DevId', label: 'Identifier', required: true, fault: urnFault },
  { path: 'Man', label: 'Manufacturer', required: true },
  { path: 'Mod', label: 'Model', required: true },
  { path: 'DmV', label: 'DM version', required: true, fault: versionFault },
  { path: 'Lang', label: 'Language', required: true, fault: languageFault },
];

export function viewDevInfo(tree: SeenTree, uri: string): DevInfoView {
  return {
    kind: 'devinfo',
    uri,
    facts: readFields(tree, uri, FIELDS),
    problems: fieldProblems(tree, uri, FIELDS),
  };
}

function urnFault(value: string): string | undefined {
  return value.includes(':') ? undefined : `DevId ${JSON.stringify(value)} names no scheme, such as IMEI:`;
}

function versionFault(value: string): string | undefined {
  return /^\d+(\.\d+)+$/.test(value) ? undefined : `DmV ${JSON.stringify(value)} is no version, such as 1.2`;
}

/** RFC 1766. */
function languageFault(value: string): string | undefined {
  return /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(value)
    ? undefined
    : `Lang ${JSON.stringify(value)} is no language tag, such as en-US`;
}
