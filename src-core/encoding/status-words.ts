/** Status words and instruction names as tables (ISO/IEC 7816-4 §5.1.3, ETSI TS 102 221 §10.1.2 and §10.2.1). */

/** Exact status words; the more general tables below are asked after this one. */
export const STATUS_WORDS: Readonly<Record<number, string>> = {
  36864: 'done',
  25088: 'warning, memory unchanged',
  25217: 'part of the returned data may be corrupted',
  25218: 'end of file reached before Le bytes',
  25219: 'selected file invalidated',
  25221: 'selected file in termination state',
  25344: 'authentication failed',
  25600: 'execution error, memory unchanged',
  25856: 'execution error, memory changed',
  25985: 'memory problem',
  26368: 'wrong length',
  26753: 'logical channel not supported or not open',
  26754: 'secure messaging not supported',
  27009: 'command incompatible with file structure',
  27010: 'security status not satisfied',
  27011: 'authentication method blocked',
  27012: 'referenced data invalidated',
  27013: 'conditions of use not satisfied',
  27014: 'command not allowed, no EF selected',
  27264: 'incorrect parameters in the data field',
  27265: 'function not supported',
  27266: 'file not found',
  27267: 'record not found',
  27268: 'not enough memory space',
  27270: 'incorrect parameters P1 to P2',
  27271: 'Lc inconsistent with P1 to P2',
  27272: 'referenced data not found',
  27392: 'wrong parameters P1-P2 (offset outside the file)',
  27904: 'instruction not supported',
  28160: 'class not supported',
  28416: 'technical problem',
};

/** Status words whose SW2 (mask `0x00FF`) or low digit (mask `0x000F`) is a number, asked in this order. */
export const COUNTED_STATUS_WORDS: readonly {
  readonly sw: number;
  readonly mask: number;
  readonly text: (count: number) => string;
}[] = [
  { sw: 0x63c0, mask: 0x000f, text: count => `verification failed, ${count} ${count === 1 ? 'try' : 'tries'} left` },
  { sw: 0x6100, mask: 0x00ff, text: count => `done, ${count || 256} more bytes to GET RESPONSE` },
  { sw: 0x6c00, mask: 0x00ff, text: count => `wrong Le, exactly ${count || 256} bytes available` },
  { sw: 0x9100, mask: 0x00ff, text: count => `done, proactive command of ${count || 256} bytes waiting` },
];

/** What a family of status words says when nothing more exact is known, by SW1. */
export const STATUS_FAMILIES: Readonly<Record<number, string>> = {
  98: 'warning, memory unchanged',
  99: 'warning, memory changed',
  100: 'execution error, memory unchanged',
  101: 'execution error, memory changed',
  102: 'security problem',
  103: 'wrong length',
  104: 'function in CLA not supported',
  105: 'command not allowed',
  106: 'wrong parameters',
  107: 'wrong parameters P1-P2',
  109: 'instruction not supported',
  110: 'class not supported',
  111: 'technical problem',
};

export const INSTRUCTIONS: Readonly<Record<number, string>> = {
  4: 'DEACTIVATE FILE',
  16: 'TERMINAL PROFILE',
  18: 'FETCH',
  20: 'TERMINAL RESPONSE',
  32: 'VERIFY',
  36: 'CHANGE PIN',
  38: 'DISABLE PIN',
  40: 'ENABLE PIN',
  44: 'UNBLOCK PIN',
  50: 'INCREASE',
  68: 'ACTIVATE FILE',
  112: 'MANAGE CHANNEL',
  132: 'GET CHALLENGE',
  136: 'AUTHENTICATE',
  162: 'SEARCH RECORD',
  164: 'SELECT',
  176: 'READ BINARY',
  178: 'READ RECORD',
  192: 'GET RESPONSE',
  194: 'ENVELOPE',
  203: 'RETRIEVE DATA',
  214: 'UPDATE BINARY',
  219: 'SET DATA',
  220: 'UPDATE RECORD',
  242: 'STATUS',
};
