/** The AT side of a virtual handset: bytes in, bytes out, no I/O (V.250 §5, 3GPP TS 27.007). */
import { parseCommandLine } from './command-line.ts';
import {
  type AtAnswer,
  type AtResponses,
  type ModemIdentity,
  type ModemSettings,
  STANDARD_RESPONSES,
  UNKNOWN_COMMAND,
} from './responses.ts';

export interface Modem {
  /** What the modem sends back for these bytes, echo included. */
  receive(bytes: Uint8Array): Uint8Array;
}

const CR = 0x0d;
const BACKSPACE = 0x08;
const FIRST_PRINTABLE = 0x20;
/** Longest command line (V.250 §5.2.1 asks for at least 40 characters). */
const MAX_LINE = 1024;

/** `responses` add to the standard ones, or replace them by command. Echo is on, as after a reset. */
export function createModem(options: { readonly identity: ModemIdentity; readonly responses?: AtResponses }): Modem {
  const responses = new Map(Object.entries({ ...STANDARD_RESPONSES, ...options.responses }));
  let settings: ModemSettings = { echo: true, cmee: 0 };
  let line: number[] = [];

  /** Runs the commands in order and stops at the first that is refused (V.250 §5.4). */
  const run = (commands: readonly string[]): string => {
    let output = '';
    for (const command of commands) {
      const answer = responses.get(command) ?? UNKNOWN_COMMAND;
      if (answer.cmeError !== undefined) return output + verbose(refusal(answer.cmeError, settings));
      settings = { ...settings, ...answer.set };
      output += information(answer, { ...options.identity, cmee: settings.cmee });
    }
    return output + verbose('OK');
  };

  const endOfLine = (): string => {
    const tooLong = line.length > MAX_LINE;
    const commands = parseCommandLine(new TextDecoder().decode(Uint8Array.from(line)));
    line = [];
    if (!commands) return '';
    return tooLong ? verbose('ERROR') : run(commands);
  };

  return {
    receive(bytes) {
      const output: number[] = [];
      for (const byte of bytes) {
        if (settings.echo) output.push(byte);
        if (byte === CR) output.push(...new TextEncoder().encode(endOfLine()));
        else if (byte === BACKSPACE) line.pop();
        else if (byte >= FIRST_PRINTABLE && line.length <= MAX_LINE) line.push(byte);
      }
      return Uint8Array.from(output);
    },
  };
}

function refusal(cmeError: number, settings: ModemSettings): string {
  return settings.cmee === 1 ? `+CME ERROR: ${cmeError}` : 'ERROR';
}

function information(answer: AtAnswer, fields: Readonly<Record<string, string | number>>): string {
  if (!answer.lines) return '';
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole));
  return verbose(answer.lines.map(fill).join('\r\n'));
}

/** V.250 §5.7.1: responses in words stand between two line ends. */
function verbose(text: string): string {
  return `\r\n${text}\r\n`;
}
