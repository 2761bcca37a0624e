/** The TStamp property for people (OMA-TS-DM_TND-V1_2_1 §7.7.6: ISO 8601, basic format, UTC). Pure. */

/** `2026-11-23 22:14:07 UTC`; what is no such time stays as it is. */
export function formatTStamp(text: string): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})Z$/.exec(text) ?? [];
  return year === undefined ? text : `${year}-${month}-${day} ${hour}:${minute}:${second} UTC`;
}
