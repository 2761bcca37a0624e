/** Reading beside another program: what it selected on its channel stays selected. */
import { expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { TransportError } from '../../src-core/base/errors.ts';
import { createInProcessReaders } from '../../src-core/card/in-process.ts';
import { onOwnChannel } from '../../src-core/card/own-channel.ts';
import { readSheet } from '../../src-core/card/sheet.ts';
import { blankSimProfile, DEFAULT_ICCID } from '../../src-core/virtual/uicc/profile.ts';
import { createUicc, type Uicc } from '../../src-core/virtual/uicc/uicc.ts';

const BUSY = new TransportError('reader-busy', 'somebody else has it');

async function shared(card: Uicc) {
  const readers = createInProcessReaders();
  readers.insert('reader', card);
  return [await readers.connect('reader', 'shared'), await readers.connect('reader', 'shared')] as const;
}

it('the whole sheet is read, and after every command the other reads its own file still', async () => {
  const [ours, other] = await shared(createUicc());
  await other.transmit(fromHex('00A4080C022FE2'));
  const own = toHex(await other.transmit(fromHex('00B000000A')));
  const channels = new Set<number>();
  const watched = {
    ...ours,
    transmit: async (apdu: Uint8Array) => {
      if (apdu[1] !== 0x70) channels.add((apdu[0] ?? 0) & 0x03);
      const response = await ours.transmit(apdu);
      expect(toHex(await other.transmit(fromHex('00B000000A')))).toBe(own);
      return response;
    },
  };
  const sheet = await onOwnChannel(watched, BUSY, readSheet);
  expect([sheet.iccid, sheet.problems, channels.has(0)]).toEqual([DEFAULT_ICCID, [], false]);
});

it('a card with one channel only is not read', async () => {
  const [ours] = await shared(createUicc({ profile: blankSimProfile(DEFAULT_ICCID), habits: { classes: 'A0-only' } }));
  await expect(onOwnChannel(ours, BUSY, readSheet)).rejects.toBe(BUSY);
});
