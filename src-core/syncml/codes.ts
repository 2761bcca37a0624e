/** Alert and status codes with their words (OMA-TS-DM_RepPro-V1_2_1 §8 and Appendix; RFC-like classes by hundreds). */

export const AlertCode = {
  DISPLAY: 1100,
  CONFIRM_OR_REJECT: 1101,
  TEXT_INPUT: 1102,
  SINGLE_CHOICE: 1103,
  MULTIPLE_CHOICE: 1104,
  SERVER_INITIATED: 1200,
  CLIENT_INITIATED: 1201,
  NEXT_MESSAGE: 1222,
  SESSION_ABORT: 1223,
  CLIENT_EVENT: 1224,
  NO_END_OF_DATA: 1225,
  GENERIC: 1226,
} as const;

const ALERT_WORDS: Readonly<Record<number, string>> = {
  1100: 'Display',
  1101: 'Confirm or reject',
  1102: 'Text input',
  1103: 'Single choice',
  1104: 'Multiple choice',
  1200: 'Server-initiated management',
  1201: 'Client-initiated management',
  1222: 'Next message',
  1223: 'Session abort',
  1224: 'Client event',
  1225: 'No end of data',
  1226: 'Generic alert',
};

const STATUS_WORDS: Readonly<Record<number, string>> = {
  101: 'In progress',
  200: 'OK',
  202: 'Accepted for processing',
  212: 'Authentication accepted',
  213: 'Chunked item accepted and buffered',
  214: 'Operation cancelled',
  215: 'Not executed',
  216: 'Atomic roll back OK',
  304: 'Not modified',
  400: 'Bad request',
  401: 'Invalid credentials',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Command not allowed',
  406: 'Optional feature not supported',
  407: 'Missing credentials',
  408: 'Request timeout',
  412: 'Incomplete command',
  413: 'Request entity too large',
  414: 'URI too long',
  415: 'Unsupported media type or format',
  416: 'Requested range not satisfiable',
  418: 'Already exists',
  420: 'Device full',
  424: 'Size mismatch',
  425: 'Permission denied',
  500: 'Command failed',
  503: 'Service unavailable',
  505: 'DTD version not supported',
  507: 'Atomic failed',
  510: 'Data store failure',
  513: 'Protocol version not supported',
  516: 'Atomic roll back failed',
  517: 'Atomic response too large to fit',
};

export function describeStatus(code: number): string {
  return STATUS_WORDS[code] ?? `Status ${code}`;
}

export function describeAlert(code: number): string {
  return ALERT_WORDS[code] ?? `Alert ${code}`;
}

/** 1xx to 3xx: the command was accepted. */
export function isSuccess(code: number): boolean {
  return code < 400;
}
