/** A virtual UICC: power, reset and APDUs as a real one (ETSI TS 102 221), and hooks to look inside and to pull it. */
import { CardError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import { encodeResponse } from '../../encoding/apdu.ts';
import { atrOf } from './atr.ts';
import { type CardMemory, type Habits, startSession, sw } from './card.ts';
import { takeCommand } from './command.ts';
import { buildFiles, findByPath } from './file-system.ts';
import { interpret } from './interpreter.ts';
import { ADM1, Keys, type LostTries, PIN_TRIES, PIN1 } from './keys.ts';
import { blankUiccProfile, DEFAULT_ICCID, type DfProfile } from './profile.ts';
import { accessRuleFile } from './rules.ts';
import { SW } from './status.ts';

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
  /** Tries that the keys have left from the start; default 3. */
  readonly admTries?: number;
  readonly pinTries?: number;
  /** Pulled once, at this command counted from the first one: it is carried out, its response is lost. */
  readonly tornAt?: number;
}

export interface Uicc {
  readonly atr: Uint8Array;
  readonly powered: boolean;
  /** Pulled during a command, and not switched on since. */
  readonly torn: boolean;
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
  /** What wrong keys have cost since the card was made. */
  readonly lostTries: LostTries;
}

export const DEFAULT_ADM1 = '12345678';
const DEFAULT_PIN1 = '1234';
const DEFAULT_PUK1 = '12345678';
const FREE = 32 * 1024;
const PLAIN: Habits = {
  rules: 'expanded',
  classes: '00',
  exactLe: false,
  mostRead: Number.POSITIVE_INFINITY,
  warnsShort: false,
  extended: false,
};

export function createUicc(options: UiccOptions = {}): Uicc {
  const memory = memoryOf(options);
  const atr = atrOf(memory.habits);
  let powered = false;
  let isTorn = false;
  let session = startSession(memory);
  let commandsUntilTorn = Number.POSITIVE_INFINITY;
  let commandsUntilFirstTorn = options.tornAt ?? Number.POSITIVE_INFINITY;

  const power = (on: boolean) => {
    powered = on;
    if (on) isTorn = false;
    session = startSession(memory);
    commandsUntilTorn = Number.POSITIVE_INFINITY;
  };
  /** Counts down to the pull; true when the card has just lost its power. */
  const torn = () => {
    if (commandsUntilTorn > 0) return false;
    power(false);
    isTorn = true;
    return true;
  };

  return {
    atr,
    power,
    get powered() {
      return powered;
    },
    get torn() {
      return isTorn;
    },
    get admTriesLeft() {
      return memory.keys.of(ADM1)?.tries ?? 0;
    },
    get pinTriesLeft() {
      return memory.keys.of(PIN1)?.tries ?? 0;
    },
    get lostTries() {
      return memory.keys.lost;
    },
    reset() {
      session = startSession(memory);
    },
    transmit(apdu) {
      if (!powered || torn()) throw removed();
      const command = takeCommand(apdu, memory.habits.extended);
      const response = command ? interpret(memory, session, command) : sw(SW.wrongLength);
      commandsUntilTorn -= 1;
      commandsUntilFirstTorn -= 1;
      if (commandsUntilFirstTorn === 0) commandsUntilTorn = 0;
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
  admTries = PIN_TRIES,
  pinTries = PIN_TRIES,
}: UiccOptions): CardMemory {
  const mf = buildFiles(profile ?? blankUiccProfile(iccid ?? DEFAULT_ICCID));
  const all = { ...PLAIN, ...habits };
  if (all.rules === 'referenced') mf.files.push(accessRuleFile(mf));
  const keys = new Keys({
    adm1: adm1 ?? Secret.ofText(DEFAULT_ADM1),
    pin1: pin1 ?? Secret.ofText(DEFAULT_PIN1),
    puk1: puk1 ?? Secret.ofText(DEFAULT_PUK1),
    pinEnabled,
    admTries,
    pinTries,
  });
  return { mf, keys, habits: all, free };
}

function removed(): CardError {
  return new CardError('card-removed', 'the virtual card has no power: it was pulled');
}
