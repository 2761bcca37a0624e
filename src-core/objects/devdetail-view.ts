/** DevDetail as the server read it (OMA-TS-DM_StdObj-V1_2_1 §5.3.3). */
import type { SeenTree } from '../tree/ddf/seen-tree.ts';
import { fieldProblems, type ObjectFact, type ObjectField, type ObjectViewBase, readFields } from './object-view.ts';

export interface DevDetailView extends ObjectViewBase {
  readonly kind: 'devdetail';
  readonly facts: readonly ObjectFact[];
}

const limit = (path: string, label: string): ObjectField => ({
  path,
  label,
  required: true,
  fault: value => (/^\d+$/.test(value) ? undefined : `${path} ${JSON.stringify(value)} is no whole number`),
});

const FIELDS: readonly ObjectField[] = [
  { path: 'DevTyp', label: 'Type', required: true },
  { path: 'OEM', label: 'OEM', required: true },
  { path: 'FwV', label: 'Firmware', required: true },
  { path: 'SwV', label: 'Software', required: true },
  { path: 'HwV', label: 'Hardware', required: true },
  { path: 'LrgObj', label: 'Large objects', required: true, fault: boolFault },
  limit('URI/MaxDepth', 'Deepest URI'),
  limit('URI/MaxTotLen', 'Longest URI'),
  limit('URI/MaxSegLen', 'Longest name'),
];

/** 0 as a limit means that there is none (§5.3.3). */
export function viewDevDetail(tree: SeenTree, uri: string): DevDetailView {
  const facts = readFields(tree, uri, FIELDS).map(fact =>
    fact.path.startsWith('URI/') && fact.value === '0' ? { ...fact, value: 'no limit' } : fact,
  );
  return { kind: 'devdetail', uri, facts, problems: fieldProblems(tree, uri, FIELDS) };
}

function boolFault(value: string): string | undefined {
  return value === 'true' || value === 'false'
    ? undefined
    : `LrgObj ${JSON.stringify(value)} is neither true nor false`;
}
