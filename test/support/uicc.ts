/** Talking to a virtual card in hexadecimal. */
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { createUicc, type Uicc, type UiccOptions } from '../../src-core/virtual/uicc/uicc.ts';

export function poweredCard(options?: UiccOptions): Uicc {
  const card = createUicc(options);
  card.power(true);
  return card;
}

/** Sends commands one after another; the responses in hexadecimal. */
export function talk(card: Uicc, ...commands: string[]): string[] {
  return commands.map(command => toHex(card.transmit(fromHex(command))));
}

/** The response to the last command. */
export function last(card: Uicc, ...commands: string[]): string {
  return talk(card, ...commands).at(-1) ?? '';
}

/** CREATE FILE of 6432, four bytes, transparent; `objects` are the rest of its template. */
export function createEf(objects: string): string {
  const body = `82024121830264328A010580020004${objects}`;
  const template = `62${lengthOf(body)}${body}`;
  return `00E00000${lengthOf(template)}${template}`;
}

function lengthOf(hex: string): string {
  return toHex(Uint8Array.of(hex.length / 2));
}
