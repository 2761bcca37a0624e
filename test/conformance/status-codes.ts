/** Status codes that SyncML defines (OMA-TS-SyncML_RepPro-V1_2 §10). */
const RANGES: readonly (readonly [number, number])[] = [
  [101, 101],
  [200, 216],
  [300, 305],
  [400, 425],
  [500, 517],
];

export function isStatusCode(code: number): boolean {
  return RANGES.some(([first, last]) => code >= first && code <= last);
}
