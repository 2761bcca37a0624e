/** dmw simulate card: a virtual UICC behind vpcd, odd where it is asked to be. */
import { Secret } from '../base/secret.ts';
import { attachToVpcd } from '../card/vpcd.ts';
import type { Habits } from '../virtual/uicc/card.ts';
import {
  blankSimProfile,
  blankUiccProfile,
  DEFAULT_ICCID,
  readAfterPin1,
  withoutPkcs15Record,
} from '../virtual/uicc/profile.ts';
import { createUicc, type Uicc, type UiccOptions } from '../virtual/uicc/uicc.ts';
import { portNumber, print, untilStopped, usageError } from './command.ts';

/** In the order of the usage. */
export const CARD_OPTIONS = {
  vpcd: { type: 'string' },
  iccid: { type: 'string' },
  sim: { type: 'boolean' },
  t1: { type: 'boolean' },
  arr: { type: 'boolean' },
  'exact-le': { type: 'boolean' },
  'most-read': { type: 'string' },
  'warn-short': { type: 'boolean' },
  'no-dir': { type: 'boolean' },
  full: { type: 'boolean' },
  tear: { type: 'string' },
  pin1: { type: 'string' },
  'read-after-pin1': { type: 'boolean' },
  'pin-tries': { type: 'string' },
  'adm-tries': { type: 'string' },
} as const;

/** What each flag makes of the card. */
export const CARD_HELP = [
  '--iccid       digits of its ICCID',
  '--sim         a SIM of the second generation: class A0 only, no EF.DIR, PKCS#15 in 7F50',
  '--t1          T=1 with extended lengths and twenty logical channels, as its ATR says',
  '--arr         access rules in EF.ARR instead of each FCP',
  '--exact-le    6Cxx to every Le that is not exactly right, 00 too',
  '--most-read   a read gives so many bytes at most',
  '--warn-short  fewer bytes than asked come with 6282',
  '--no-dir      EF.DIR does not name the PKCS#15 application',
  '--full        no room for new files: CREATE FILE gives 6A84',
  '--tear        pulled at this APDU, counted from the first; then it goes in again',
  '--pin1        PIN1 is enabled, and these 4 to 8 digits; without it 1234 and disabled',
  '--read-after-pin1  PKCS#15 files are read after PIN1',
  '--pin-tries, --adm-tries  tries that PIN1 and ADM1 (12345678) have left from the start',
] as const;

type Values = { readonly [K in keyof typeof CARD_OPTIONS]?: string | boolean | undefined };

export async function simulateCard(values: Values, json: boolean, usage: string): Promise<void> {
  const { host, port } = addressOf(String(values.vpcd), usage);
  const card = createUicc(optionsOf(values, usage));
  const stopped = untilStopped();
  let attachment = await attachToVpcd({ host, port, card });
  print(json, { card: 'inserted', host, port }, () => [
    `Virtual UICC in the vpcd reader at ${host}:${port}; Ctrl+C takes it out`,
  ]);
  while ((await Promise.race([stopped, attachment.detached.then(() => 'out' as const)])) === 'out' && card.torn) {
    attachment = await attachToVpcd({ host, port, card });
    print(json, { card: 'torn-and-back' }, () => [`Pulled at APDU ${values.tear}, and in again`]);
  }
  await attachment.detach();
  report(json, card);
}

/** Nobody should lose a try without knowing. */
function report(json: boolean, { lostTries: { adm1, pin1, puk1 } }: Uicc): void {
  print(json, { card: 'removed', lostTries: { adm1, pin1, puk1 } }, () => [
    `Taken out; tries lost by wrong keys: ADM1 ${adm1}, PIN1 ${pin1}, PUK1 ${puk1}`,
  ]);
}

function addressOf(address: string, usage: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, Math.max(colon, 0)) || '127.0.0.1',
    port: portNumber(address.slice(colon + 1), usage),
  };
}

function optionsOf(values: Values, usage: string): UiccOptions {
  const number = (name: keyof Values, least: number, most: number) => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw usageError(usage, `--${name} takes a number from ${least} to ${most}, not ${text}`);
  };
  if (values.sim && (values.t1 || values['no-dir'] || values.arr))
    throw usageError(usage, '--sim has neither T=1 nor EF.DIR nor EF.ARR');
  const mostRead = number('most-read', 1, 256);
  const habits: Partial<Habits> = {
    classes: values.sim ? 'A0-only' : '00',
    rules: values.arr ? 'referenced' : 'expanded',
    exactLe: values['exact-le'] === true,
    warnsShort: values['warn-short'] === true,
    extended: values.t1 === true,
    ...(mostRead !== undefined && { mostRead }),
  };
  const iccid = iccidOf(values, usage);
  const blank = values.sim ? blankSimProfile(iccid) : blankUiccProfile(iccid);
  const given = {
    tornAt: number('tear', 1, 1e6),
    pinTries: number('pin-tries', 0, 3),
    admTries: number('adm-tries', 0, 3),
  };
  const ruled = values['read-after-pin1'] ? readAfterPin1(blank) : blank;
  return {
    profile: values['no-dir'] ? withoutPkcs15Record(ruled) : ruled,
    habits,
    ...pinOf(values, usage),
    ...(values.full && { free: 0 }),
    ...(given.tornAt !== undefined && { tornAt: given.tornAt }),
    ...(given.pinTries !== undefined && { pinTries: given.pinTries }),
    ...(given.admTries !== undefined && { admTries: given.admTries }),
  };
}

function pinOf({ pin1 }: Values, usage: string): Pick<UiccOptions, 'pin1' | 'pinEnabled'> {
  if (pin1 === undefined) return {};
  if (/^\d{4,8}$/.test(String(pin1))) return { pin1: Secret.ofText(String(pin1)), pinEnabled: true };
  throw usageError(usage, '--pin1 takes 4 to 8 digits');
}

function iccidOf({ iccid = DEFAULT_ICCID }: Values, usage: string): string {
  if (/^\d{18,20}$/.test(String(iccid))) return String(iccid);
  throw usageError(usage, `--iccid takes 18 to 20 digits, not ${iccid}`);
}
