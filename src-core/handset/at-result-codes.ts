/** Final result codes of AT commands and their words (V.250 §5.7.1, 3GPP TS 27.007 §9.2, 3GPP TS 27.005 §3.2.5). */

export type AtResult =
  | { readonly kind: 'ok' }
  | { readonly kind: 'error' }
  /** Equipment error; `code` is absent where the handset answers in words (+CMEE=2). */
  | { readonly kind: 'cme-error'; readonly code?: number; readonly text: string }
  /** Message service error. */
  | { readonly kind: 'cms-error'; readonly code?: number; readonly text: string }
  | { readonly kind: 'no-carrier' };

/** The result code that a line is, or undefined where it is another kind of line. */
export function parseResult(line: string): AtResult | undefined {
  if (line === 'OK') return { kind: 'ok' };
  if (line === 'ERROR') return { kind: 'error' };
  if (line === 'NO CARRIER') return { kind: 'no-carrier' };
  const extended = /^\+(CME|CMS) ERROR:\s*(.*)$/.exec(line);
  if (!extended) return undefined;
  const said = extended[2] ?? '';
  const [kind, words] =
    extended[1] === 'CME' ? (['cme-error', CME_ERRORS] as const) : (['cms-error', CMS_ERRORS] as const);
  if (!/^\d+$/.test(said)) return { kind, text: said };
  const code = Number(said);
  return { kind, code, text: words[code] ?? 'a code of this manufacturer' };
}

/** As the handset said it, with the meaning of its code: `+CME ERROR: 10 (SIM not inserted)`. */
export function describeResult(result: AtResult): string {
  switch (result.kind) {
    case 'ok':
      return 'OK';
    case 'error':
      return 'ERROR';
    case 'no-carrier':
      return 'NO CARRIER';
    case 'cme-error':
    case 'cms-error': {
      const name = result.kind === 'cme-error' ? '+CME ERROR' : '+CMS ERROR';
      return result.code === undefined ? `${name}: ${result.text}` : `${name}: ${result.code} (${result.text})`;
    }
  }
}

/** 3GPP TS 27.007 §9.2. */
const CME_ERRORS: Readonly<Record<number, string>> = {
  0: 'phone failure',
  1: 'no connection to phone',
  2: 'phone adaptor link reserved',
  3: 'operation not allowed',
  4: 'operation not supported',
  5: 'PH-SIM PIN required',
  6: 'PH-FSIM PIN required',
  7: 'PH-FSIM PUK required',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  15: 'SIM wrong',
  16: 'incorrect password',
  17: 'SIM PIN2 required',
  18: 'SIM PUK2 required',
  20: 'memory full',
  21: 'invalid index',
  22: 'not found',
  23: 'memory failure',
  24: 'text string too long',
  25: 'invalid characters in text string',
  26: 'dial string too long',
  27: 'invalid characters in dial string',
  30: 'no network service',
  31: 'network timeout',
  32: 'network not allowed, emergency calls only',
  40: 'network personalization PIN required',
  41: 'network personalization PUK required',
  42: 'network subset personalization PIN required',
  43: 'network subset personalization PUK required',
  44: 'service provider personalization PIN required',
  45: 'service provider personalization PUK required',
  46: 'corporate personalization PIN required',
  47: 'corporate personalization PUK required',
  48: 'hidden key required',
  49: 'EAP method not supported',
  50: 'incorrect parameters',
  51: 'command implemented but currently disabled',
  52: 'command aborted by user',
  53: 'not attached to network, restricted functionality',
  54: 'modem not allowed, emergency calls only',
  55: 'operation not allowed, restricted functionality',
  56: 'fixed dial number only allowed',
  57: 'temporarily out of service, other use of the handset',
  58: 'language or alphabet not supported',
  59: 'unexpected data value',
  60: 'system failure',
  61: 'data missing',
  62: 'call barred',
  63: 'message waiting indication subscription failure',
  100: 'unknown',
  103: 'illegal MS',
  106: 'illegal ME',
  107: 'GPRS services not allowed',
  111: 'PLMN not allowed',
  112: 'location area not allowed',
  113: 'roaming not allowed in this location area',
  132: 'service option not supported',
  133: 'requested service option not subscribed',
  134: 'service option temporarily out of order',
  148: 'unspecified GPRS error',
  149: 'PDP authentication failure',
  150: 'invalid mobile class',
};

/** 3GPP TS 27.005 §3.2.5. */
const CMS_ERRORS: Readonly<Record<number, string>> = {
  300: 'ME failure',
  301: 'SMS service of ME reserved',
  302: 'operation not allowed',
  303: 'operation not supported',
  304: 'invalid PDU mode parameter',
  305: 'invalid text mode parameter',
  310: 'SIM not inserted',
  311: 'SIM PIN required',
  312: 'PH-SIM PIN required',
  313: 'SIM failure',
  314: 'SIM busy',
  315: 'SIM wrong',
  316: 'SIM PUK required',
  317: 'SIM PIN2 required',
  318: 'SIM PUK2 required',
  320: 'memory failure',
  321: 'invalid memory index',
  322: 'memory full',
  330: 'SMSC address unknown',
  331: 'no network service',
  332: 'network timeout',
  340: 'no +CNMA acknowledgement expected',
  500: 'unknown error',
};
