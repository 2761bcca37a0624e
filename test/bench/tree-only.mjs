import { tree } from './tree.mjs';
for await (const row of tree()) console.log(row.case, row.value.toFixed(1), row.unit, row.baseline?.toFixed(1) ?? '');
