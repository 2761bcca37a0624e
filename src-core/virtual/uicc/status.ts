/** Status words that the virtual card gives in class 00, by what they say (ETSI TS 102 221 §10.2.1). */
export const SW = {
  ok: 0x9000,
  /** Fewer bytes than Le, or nothing found. */
  endOfFile: 0x6282,
  deactivated: 0x6283,
  wrongLength: 0x6700,
  noChannel: 0x6881,
  noSecureMessaging: 0x6882,
  wrongStructure: 0x6981,
  notAllowed: 0x6982,
  blocked: 0x6983,
  invalidated: 0x6984,
  wrongState: 0x6985,
  noEf: 0x6986,
  wrongData: 0x6a80,
  notSupported: 0x6a81,
  notFound: 0x6a82,
  noRecord: 0x6a83,
  noMemory: 0x6a84,
  wrongP1P2: 0x6a86,
  noSuchKey: 0x6a88,
  exists: 0x6a89,
  wrongOffset: 0x6b00,
  wrongInstruction: 0x6d00,
  wrongClass: 0x6e00,
} as const;

/** 61xx: so many bytes wait for GET RESPONSE. */
export function waiting(bytes: number): number {
  return 0x6100 | (bytes > 0xff ? 0 : bytes);
}

/** 6Cxx: the Le that would be right. */
export function wrongLe(right: number): number {
  return 0x6c00 | (right > 0xff ? 0 : right);
}

/** 63Cx: so many tries are left. */
export function triesLeft(tries: number): number {
  return 0x63c0 | Math.min(tries, 0x0f);
}
