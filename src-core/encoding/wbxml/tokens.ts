/** WBXML global tokens (WAP-192-WBXML-20010725 §7.1). */
export const Token = {
  SWITCH_PAGE: 0x00,
  END: 0x01,
  ENTITY: 0x02,
  STR_I: 0x03,
  LITERAL: 0x04,
  EXT_I_0: 0x40,
  EXT_I_1: 0x41,
  EXT_I_2: 0x42,
  PI: 0x43,
  LITERAL_C: 0x44,
  EXT_T_0: 0x80,
  EXT_T_1: 0x81,
  EXT_T_2: 0x82,
  STR_T: 0x83,
  LITERAL_A: 0x84,
  EXT_0: 0xc0,
  EXT_1: 0xc1,
  EXT_2: 0xc2,
  OPAQUE: 0xc3,
  LITERAL_AC: 0xc4,
  /** Bits of a tag token. */
  WITH_CONTENT: 0x40,
  WITH_ATTRIBUTES: 0x80,
  /** The bit that makes a token of the attribute code space a value. */
  ATTRIBUTE_VALUE: 0x80,
} as const;

const EXTENSIONS: ReadonlyMap<number, string> = new Map([
  [Token.EXT_I_0, 'EXT_I_0'],
  [Token.EXT_I_1, 'EXT_I_1'],
  [Token.EXT_I_2, 'EXT_I_2'],
  [Token.EXT_T_0, 'EXT_T_0'],
  [Token.EXT_T_1, 'EXT_T_1'],
  [Token.EXT_T_2, 'EXT_T_2'],
  [Token.EXT_0, 'EXT_0'],
  [Token.EXT_1, 'EXT_1'],
  [Token.EXT_2, 'EXT_2'],
]);

/** Name of a document-type-specific extension token (§5.8.4.2), undefined for any other. */
export function extensionName(token: number): string | undefined {
  return EXTENSIONS.get(token);
}
