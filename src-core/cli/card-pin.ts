/** PIN1 for dmw card: from the option, `-` for standard input, or DMW_PIN, which other people's process lists do not show. */
import { text } from 'node:stream/consumers';
import { parsePin } from '../card/pin.ts';

/** Undefined: no PIN is given. @throws RequestError `pin-format`. */
export async function pinOf(option: string | undefined): Promise<string | undefined> {
  const pin = option === '-' ? (await text(process.stdin)).trim() : (option ?? process.env.DMW_PIN);
  if (!pin) return undefined;
  parsePin(pin);
  return pin;
}
