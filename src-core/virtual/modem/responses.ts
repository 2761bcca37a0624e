/** What a virtual handset answers to AT commands, as data (3GPP TS 27.007 §5 and §9.1, V.250 §6). */

export interface ModemIdentity {
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  readonly imei: string;
  readonly imsi: string;
}

/** What commands change. */
export interface ModemSettings {
  readonly echo: boolean;
  /** +CMEE: 1 gives refusals their code. */
  readonly cmee: 0 | 1;
}

export interface AtAnswer {
  /** Lines before the result; `{imei}` and the like stand for a field of the identity or a setting. */
  readonly lines?: readonly string[];
  /** Refuses the command with this +CME ERROR code (27.007 §9.2), or with ERROR while +CMEE is 0. */
  readonly cmeError?: number;
  readonly set?: Partial<ModemSettings>;
}

/**
 * By command as it stands after `AT`, in capitals, without blanks, numbers of basic commands always written: `E0`,
 * `+CSQ`, `+CMEE?`. The empty command is the bare `AT`.
 */
export type AtResponses = Readonly<Record<string, AtAnswer>>;

/** 27.007 §9.2: operation not supported. */
export const UNKNOWN_COMMAND: AtAnswer = { cmeError: 4 };

export const STANDARD_RESPONSES: AtResponses = {
  '': {},
  E0: { set: { echo: false } },
  E1: { set: { echo: true } },
  I0: { lines: ['Manufacturer: {manufacturer}', 'Model: {model}', 'Revision: {revision}', 'IMEI: {imei}'] },
  '+CGMI': { lines: ['{manufacturer}'] },
  '+CGMI=?': {},
  '+CGMM': { lines: ['{model}'] },
  '+CGMM=?': {},
  '+CGMR': { lines: ['{revision}'] },
  '+CGMR=?': {},
  '+CGSN': { lines: ['{imei}'] },
  '+CGSN=?': {},
  '+CIMI': { lines: ['{imsi}'] },
  '+CIMI=?': {},
  '+CSQ': { lines: ['+CSQ: 20,99'] },
  '+CSQ=?': { lines: ['+CSQ: (0-31,99),(0-7,99)'] },
  '+CMEE?': { lines: ['+CMEE: {cmee}'] },
  '+CMEE=?': { lines: ['+CMEE: (0,1)'] },
  '+CMEE=0': { set: { cmee: 0 } },
  '+CMEE=1': { set: { cmee: 1 } },
};
