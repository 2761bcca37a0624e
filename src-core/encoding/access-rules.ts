/** Access rules of a card file in expanded format: what may be done with it, and after which key (ETSI TS 102 221 §9.2, §9.5). */
import { EncodingError } from '../base/errors.ts';
import { children, readTlvs, type Tlv, writeTlv } from './ber-tlv.ts';

export type AccessMode =
  | 'READ'
  | 'UPDATE'
  | 'INCREASE'
  | 'DEACTIVATE'
  | 'ACTIVATE'
  | 'TERMINATE'
  | 'DELETE'
  | 'CREATE EF'
  | 'CREATE DF'
  | 'DELETE CHILD'
  | 'RESIZE';

export type AccessCondition =
  | { readonly kind: 'always' | 'never' }
  /** Key reference as VERIFY takes it in P2. */
  | { readonly kind: 'key'; readonly reference: number }
  | { readonly kind: 'any' | 'all'; readonly of: readonly AccessCondition[] }
  /** Something of the card's own, hexadecimal. */
  | { readonly kind: 'other'; readonly bytes: string };

export interface AccessRule {
  readonly modes: readonly AccessMode[];
  readonly condition: AccessCondition;
}

/** Bits of the access mode byte, from bit 1 (ISO/IEC 7816-4 tables 16 and 17). */
const EF_MODES: readonly (AccessMode | undefined)[] = [
  'READ',
  'UPDATE',
  undefined,
  'DEACTIVATE',
  'ACTIVATE',
  'TERMINATE',
  'DELETE',
];
const DF_MODES: readonly (AccessMode | undefined)[] = [
  'DELETE CHILD',
  'CREATE EF',
  'CREATE DF',
  'DEACTIVATE',
  'ACTIVATE',
  'TERMINATE',
  'DELETE',
];
/** Instructions that have no bit, in an access mode object of their own (tag 84). */
const INSTRUCTION_MODES: Readonly<Record<number, AccessMode>> = { 50: 'INCREASE', 212: 'RESIZE' };

const TAG = { modeByte: 0x80, modeInstruction: 0x84, always: 0x90, never: 0x97, key: 0xa4, any: 0xa0, all: 0xaf };
const KEY_REFERENCE = 0x83;
const USAGE = 0x95;
const USER_AUTHENTICATION = 0x08;

/** @param kind decides what the bits mean. @throws EncodingError */
export function decodeAccessRules(bytes: Uint8Array, kind: 'ef' | 'df'): AccessRule[] {
  const rules: { modes: AccessMode[]; conditions: AccessCondition[] }[] = [];
  let modesOpen = false;
  for (const tlv of readTlvs(bytes, { padded: true })) {
    if (isMode(tlv)) {
      if (!modesOpen) rules.push({ modes: [], conditions: [] });
      rules.at(-1)?.modes.push(...modesOf(tlv, kind));
      modesOpen = true;
      continue;
    }
    const rule = rules.at(-1);
    if (!rule) throw new EncodingError('no-access-mode', 'an access rule begins without an access mode', tlv.offset);
    rule.conditions.push(conditionOf(tlv));
    modesOpen = false;
  }
  return rules.map(({ modes, conditions }) => ({ modes, condition: combined(conditions) }));
}

/** @param modeByte as ISO/IEC 7816-4 tables 16 and 17 say. */
export function encodeAccessRule(modeByte: number, condition: AccessCondition): Uint8Array {
  return Uint8Array.from([...writeTlv(TAG.modeByte, Uint8Array.of(modeByte)), ...encodeCondition(condition)]);
}

/** `READ: always; UPDATE: ADM1`. */
export function describeAccessRules(rules: readonly AccessRule[]): string {
  const known = rules.filter(({ modes }) => modes.length > 0);
  return known.map(({ modes, condition }) => `${modes.join(', ')}: ${describeCondition(condition)}`).join('; ');
}

export function describeCondition(condition: AccessCondition): string {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return condition.kind;
    case 'key':
      return keyName(condition.reference);
    case 'other':
      return `a condition of the card's own (${condition.bytes})`;
    default: {
      const words = condition.of.map(inner =>
        'of' in inner && condition.of.length > 1 ? `(${describeCondition(inner)})` : describeCondition(inner),
      );
      return words.join(condition.kind === 'any' ? ' or ' : ' and ');
    }
  }
}

/** Key references of ETSI TS 102 221 table 9.3. */
export function keyName(reference: number): string {
  if (reference >= 0x01 && reference <= 0x08) return `PIN${reference === 1 ? '1' : ` of application ${reference}`}`;
  if (reference === 0x11) return 'universal PIN';
  if (reference >= 0x0a && reference <= 0x0e) return `ADM${reference - 0x09}`;
  if (reference >= 0x81 && reference <= 0x88) return reference === 0x81 ? 'PIN2' : `local PIN ${reference - 0x80}`;
  if (reference >= 0x8a && reference <= 0x8e) return `ADM${reference - 0x84}`;
  return `key ${reference.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** The condition that opens a file for this; undefined where no rule speaks of it. */
export function conditionFor(rules: readonly AccessRule[], mode: AccessMode): AccessCondition | undefined {
  const found = rules.filter(rule => rule.modes.includes(mode)).map(rule => rule.condition);
  return found.length > 0 ? combined(found) : undefined;
}

function isMode({ tag }: Tlv): boolean {
  return tag >= 0x80 && tag <= 0x8f;
}

function modesOf({ tag, value, offset }: Tlv, kind: 'ef' | 'df'): AccessMode[] {
  if (tag === TAG.modeInstruction) return [...value].flatMap(instruction => INSTRUCTION_MODES[instruction] ?? []);
  const [byte] = value;
  if (tag !== TAG.modeByte || byte === undefined) {
    if (value.length === 0) throw new EncodingError('no-access-mode', 'an access mode is empty', offset);
    return [];
  }
  // With bit 8 the bits 7 to 4 are the card's own.
  const names = (kind === 'ef' ? EF_MODES : DF_MODES).slice(0, byte & 0x80 ? 3 : 7);
  return names.flatMap((name, bit) => (name !== undefined && byte & (1 << bit) ? [name] : []));
}

function conditionOf(tlv: Tlv): AccessCondition {
  switch (tlv.tag) {
    case TAG.always:
      return { kind: 'always' };
    case TAG.never:
      return { kind: 'never' };
    case TAG.key: {
      const reference = children(tlv).find(({ tag }) => tag === KEY_REFERENCE)?.value[0];
      return reference === undefined ? otherOf(tlv) : { kind: 'key', reference };
    }
    case TAG.any:
    case TAG.all:
      return { kind: tlv.tag === TAG.any ? 'any' : 'all', of: children(tlv).map(conditionOf) };
    default:
      return otherOf(tlv);
  }
}

function otherOf({ tag, value }: Tlv): AccessCondition {
  return { kind: 'other', bytes: Buffer.from(writeTlv(tag, value)).toString('hex').toUpperCase() };
}

/** Several conditions behind one mode are choices; without any nothing is allowed. */
function combined(conditions: readonly AccessCondition[]): AccessCondition {
  const [first] = conditions;
  if (!first) return { kind: 'never' };
  return conditions.length === 1 ? first : { kind: 'any', of: conditions };
}

function encodeCondition(condition: AccessCondition): Uint8Array {
  switch (condition.kind) {
    case 'always':
      return writeTlv(TAG.always);
    case 'never':
      return writeTlv(TAG.never);
    case 'key':
      return writeTlv(
        TAG.key,
        writeTlv(KEY_REFERENCE, Uint8Array.of(condition.reference)),
        writeTlv(USAGE, Uint8Array.of(USER_AUTHENTICATION)),
      );
    case 'other':
      return Uint8Array.from(Buffer.from(condition.bytes, 'hex'));
    default:
      return writeTlv(condition.kind === 'any' ? TAG.any : TAG.all, ...condition.of.map(encodeCondition));
  }
}
