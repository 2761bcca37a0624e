/** Who is at the other end of the cable: manufacturer, model, revision and IMEI (3GPP TS 27.007 §5.1 to §5.4). */
import { TransportError } from '../base/errors.ts';
import { type AtOptions, AtSession } from './at.ts';
import type { SerialLink } from './link.ts';

export interface HandsetIdentity {
  readonly manufacturer: string;
  readonly model: string;
  /** Software revision; lines of an answer in several lines are joined with a blank. */
  readonly revision: string;
  /** 15 digits. */
  readonly imei: string;
  /** What looked wrong but was accepted, in words for a person. */
  readonly warnings: readonly string[];
}

/**
 * Asks the handset over a link that nobody else uses. `timeoutMs` counts for each command; the link stays open.
 * @throws TransportError of `AtSession.command`, and `at-unexpected` for an answer that is no identity, naming the command
 */
export async function identifyHandset(link: SerialLink, options: AtOptions = {}): Promise<HandsetIdentity> {
  const at = new AtSession(link);
  try {
    await wake(at, options);
    const ask = async (command: string) => valuesOf(command, await at.command(command, options));
    const manufacturer = textOf(link, 'AT+CGMI', await ask('AT+CGMI'));
    const model = textOf(link, 'AT+CGMM', await ask('AT+CGMM'));
    const revision = textOf(link, 'AT+CGMR', await ask('AT+CGMR'));
    const imei = imeiOf(link, 'AT+CGSN', await ask('AT+CGSN'));
    const warnings = luhnHolds(imei) ? [] : [`The check digit of the IMEI ${imei} is wrong`];
    return { manufacturer, model, revision, imei, warnings };
  } finally {
    at.detach();
  }
}

/** Checks that a modem answers, and asks it to give reasons for its refusals. */
async function wake(at: AtSession, options: AtOptions): Promise<void> {
  // The rest of a line that another program left unfinished is refused with the first AT in it.
  await at.command('AT', options).catch(unlessRefused);
  await at.command('AT', options);
  // Optional in 27.007: without it refusals come as ERROR alone.
  await at.command('AT+CMEE=1', options).catch(unlessRefused);
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof TransportError && error.code === 'at-error')) throw error;
}

/** The values in an answer: handsets give them plain, after the name of the command, in quotes, or both. */
function valuesOf(command: string, lines: readonly string[]): readonly string[] {
  const name = `${command.slice('AT'.length)}:`;
  return lines
    .map(line => (line.toUpperCase().startsWith(name) ? line.slice(name.length).trim() : line))
    .map(value => /^"(.*)"$/.exec(value)?.[1]?.trim() ?? value)
    .filter(value => value !== '');
}

function textOf(link: SerialLink, command: string, values: readonly string[]): string {
  if (values.length === 0) throw unexpected(link, command, 'nothing', 'text');
  return values.join(' ');
}

function imeiOf(link: SerialLink, command: string, values: readonly string[]): string {
  const imei = values.find(value => /^\d{15}$/.test(value));
  if (imei) return imei;
  const said = values.length === 0 ? 'nothing' : JSON.stringify(values.join(' '));
  throw unexpected(link, command, said, 'an IMEI of 15 digits');
}

function unexpected(link: SerialLink, command: string, said: string, expected: string): TransportError {
  return new TransportError('at-unexpected', `${command}: ${link.path} answered ${said}, expected ${expected}`, {
    advice: 'Check that this is the modem port of the handset, and that the handset is personalized',
    details: { port: link.path, command },
  });
}

/** The last digit of an IMEI checks the others (Luhn formula; 3GPP TS 23.003 §B). */
function luhnHolds(imei: string): boolean {
  const sum = [...imei].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
