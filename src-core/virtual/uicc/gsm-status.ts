/** Status words of class A0, by what they say (3GPP TS 51.011 §9.4). */
export const GSM_SW = {
  ok: 0x9000,
  noEf: 0x9400,
  /** Offset or record outside the file. */
  outOfRange: 0x9402,
  notFound: 0x9404,
  wrongStructure: 0x9408,
  /** No CHV of this number. */
  noChv: 0x9802,
  /** Access condition not fulfilled, or wrong CHV with tries left. */
  notAllowed: 0x9804,
  contradiction: 0x9808,
  invalidated: 0x9810,
  blocked: 0x9840,
  wrongP3: 0x6700,
  wrongP1P2: 0x6b00,
  wrongInstruction: 0x6d00,
  technicalProblem: 0x6f00,
} as const;

/** 67xx: the P3 that would be right. */
export function wrongP3(right: number): number {
  return GSM_SW.wrongP3 | (right & 0xff);
}
