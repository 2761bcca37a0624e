/** A virtual UICC: power, reset and APDUs as a real one (ETSI TS 102 221), and hooks to look inside and to pull it. */
import { fromHex } from '../../base/bytes.ts';
import { CardError, EncodingError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import { decodeCommand, encodeResponse, type ResponseApdu } from '../../encoding/apdu.ts';
import { type CardMemory, type Habits, startSession } from './card.ts';
import { accessRuleFile } from './file-control.ts';
import { buildFiles, findByPath } from './file-system.ts';
import { interpret } from './interpreter.ts';
import { ADM1, Keys, PIN1 } from './keys.ts';
import { blankUiccProfile, DEFAULT_ICCID, type DfProfile } from './profile.ts';

export interface UiccOptions {
  /** Digits with the Luhn digit; used by the default profile. */
  readonly iccid?: string;
  /** ADM1 key, 8 bytes; default: the digits 12345678. */
  readonly adm1?: Secret;
  readonly profile?: DfProfile;
  /** Default: 1234, disabled. */
  readonly pin1?: Secret;
  readonly pinEnabled?: boolean;
  /** Default: the digits 12345678. */
  readonly puk1?: Secret;
  readonly habits?: Partial<Habits>;
  /** Bytes for new files; default 32 KiB. */
  readonly free?: number;
}

export interface Uicc {
  readonly atr: Uint8Array;
  readonly powered: boolean;
  /** Cold reset when switched on; all that was verified and selected is forgotten. */
  power(on: boolean): void;
  /** Warm reset. */
  reset(): void;
  /** One APDU; also malformed ones get a status word. @throws CardError `card-removed` without power. */
  transmit(apdu: Uint8Array): Uint8Array;
  /** Pulls the card after `apdus` more commands: the last of them is carried out, its response is lost. */
  tearAfter(apdus: number): void;
  /** The body of an EF by its path: `3F007F506431`. */
  file(path: string): Uint8Array;
  readonly admTriesLeft: number;
  readonly pinTriesLeft: number;
}

export const DEFAULT_ADM1 = '12345678';
const DEFAULT_PIN1 = '1234';
const DEFAULT_PUK1 = '12345678';
const FREE = 32 * 1024;
const PLAIN: Habits = { rules: 'expanded', classes: '00', exactLe: false, mostRead: 256 };
const ATR = '3B9F96801FC78031A073BE21136743200718000001A5';

export function createUicc(options: UiccOptions = {}): Uicc {
  const memory = memoryOf(options);
  const atr = fromHex(ATR);
  let powered = false;
  let session = startSession(memory);
  let commandsUntilTorn = Number.POSITIVE_INFINITY;

  const power = (on: boolean) => {
    powered = on;
    session = startSession(memory);
    commandsUntilTorn = Number.POSITIVE_INFINITY;
  };
  /** Counts down to the pull; true when the card has just lost its power. */
  const torn = () => {
    if (commandsUntilTorn > 0) return false;
    power(false);
    return true;
  };

  return {
    atr,
    power,
    get powered() {
      return powered;
    },
    get admTriesLeft() {
      return memory.keys.of(ADM1)?.tries ?? 0;
    },
    get pinTriesLeft() {
      return memory.keys.of(PIN1)?.tries ?? 0;
    },
    reset() {
      session = startSession(memory);
    },
    transmit(apdu) {
      if (!powered || torn()) throw removed();
      const response = respond(() => interpret(memory, session, decodeCommand(apdu)));
      commandsUntilTorn -= 1;
      if (torn()) throw removed();
      return encodeResponse(response);
    },
    tearAfter(apdus) {
      commandsUntilTorn = apdus;
    },
    file(path) {
      const fids = (path.match(/.{4}/g) ?? []).map(fid => Number.parseInt(fid, 16));
      const found = findByPath(memory.mf, fids.slice(1));
      if (found?.kind !== 'ef') throw new CardError('file-not-found', `the virtual card has no EF ${path}`);
      return found.content.slice();
    },
  };
}

function memoryOf({
  profile,
  iccid,
  adm1,
  pin1,
  puk1,
  pinEnabled = false,
  habits,
  free = FREE,
}: UiccOptions): CardMemory {
  const mf = buildFiles(profile ?? blankUiccProfile(iccid ?? DEFAULT_ICCID));
  const all = { ...PLAIN, ...habits };
  if (all.rules === 'referenced') mf.files.push(accessRuleFile(mf));
  const keys = new Keys({
    adm1: adm1 ?? Secret.ofText(DEFAULT_ADM1),
    pin1: pin1 ?? Secret.ofText(DEFAULT_PIN1),
    puk1: puk1 ?? Secret.ofText(DEFAULT_PUK1),
    pinEnabled,
  });
  return { mf, keys, habits: all, free };
}

function respond(run: () => ResponseApdu): ResponseApdu {
  try {
    return run();
  } catch (error) {
    if (error instanceof EncodingError) return { data: new Uint8Array(), sw: 0x6700 };
    throw error;
  }
}

function removed(): CardError {
  return new CardError('card-removed', 'the virtual card has no power: it was pulled');
}
