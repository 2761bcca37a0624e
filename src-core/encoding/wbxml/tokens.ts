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
  EXT_T_0: 0x80,
  EXT_T_1: 0x81,
  EXT_T_2: 0x82,
  STR_T: 0x83,
  EXT_0: 0xc0,
  EXT_1: 0xc1,
  EXT_2: 0xc2,
  OPAQUE: 0xc3,
  /** Bits of a tag token. */
  WITH_CONTENT: 0x40,
  WITH_ATTRIBUTES: 0x80,
} as const;

/** MIBenum of UTF-8, the only character set written. */
export const UTF_8 = 106;
