import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { TransportError } from '../../src-core/base/errors.ts';
import { basicChannel, exchange, onLogicalChannel, readFile, readRecords } from '../../src-core/card/file-access.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';

/** A card that answers from a script and notes what it was asked. */
function scripted(answer: (command: string) => string): CardConnection & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    extended: false,
    atr: new Uint8Array(),
    disconnect: async () => undefined,
    async transmit(apdu) {
      asked.push(toHex(apdu));
      return fromHex(answer(toHex(apdu)));
    },
  };
}

/** The same on a card, behind a reader, that takes extended lengths. */
const extendedCard = (answer: (command: string) => string) => ({ ...scripted(answer), extended: true });

function inOrder(...responses: string[]) {
  const left = [...responses];
  return scripted(() => left.shift() ?? '6F00');
}

describe('exchange', () => {
  const read = { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 256 };

  it('joins what 61xx leaves to fetch, on its own channel', async () => {
    const card = inOrder('01026102', '03046101', '059000');
    const response = await exchange({ connection: card, number: 2 }, read);
    expect([toHex(response.data), response.sw]).toEqual(['0102030405', 0x9000]);
    expect(card.asked).toEqual(['02B0000000', '02C0000002', '02C0000001']);
  });

  it('asks again with the Le of 6Cxx', async () => {
    const card = inOrder('6C03', '0102039000');
    expect(toHex((await exchange(basicChannel(card), read)).data)).toBe('010203');
    expect(card.asked).toEqual(['00B0000000', '00B0000003']);
  });

  it('ends with a card that never ends', async () => {
    const card = scripted(() => '6C03');
    await expect(exchange(basicChannel(card), read)).rejects.toMatchObject({ code: 'endless-response' });
  });
});

describe('files', () => {
  it('reads in steps of what the card gives, and tells a refusal with its status word', async () => {
    const fcp = '620F82024121830264318A010580020003';
    const card = inOrder(`${fcp}9000`, '01029000', '039000');
    expect(toHex(await readFile(basicChannel(card), '3F007F506431'))).toBe('010203');
    expect(card.asked.slice(1)).toEqual(['00B0000003', '00B0000201']);
    const refusing = inOrder(`${fcp}9000`, '6982');
    await expect(readFile(basicChannel(refusing), '3F007F506431')).rejects.toMatchObject({
      code: 'read-locked',
      statusWord: 0x6982,
      message: expect.stringContaining('security status not satisfied'),
    });
  });

  it('reads in extended length where the card has it, and in short where it then does not, or its reader', async () => {
    const fcp = `620F82024121830264318A0105800209009000`;
    const whole = 'AB'.repeat(0x900);
    const bytesOf = (command: string, most: number) => {
      const offset = Number.parseInt(command.slice(4, 8), 16);
      const le =
        command.length > 10 ? Number.parseInt(command.slice(10), 16) : Number.parseInt(command.slice(8), 16) || 256;
      return `${whole.slice(offset * 2, (offset + Math.min(le, most)) * 2)}9000`;
    };
    const isSelect = (command: string) => command.slice(2, 4) === 'A4';
    const able = extendedCard(command => (isSelect(command) ? fcp : bytesOf(command, 2048)));
    expect(toHex(await readFile(basicChannel(able), '3F007F506431'))).toBe(whole);
    expect(able.asked.slice(1)).toEqual(['00B00000000800', '00B0080000']);
    const refusing = extendedCard(command =>
      isSelect(command) ? fcp : command.length > 10 ? '6700' : bytesOf(command, 256),
    );
    expect(toHex(await readFile(basicChannel(refusing), '3F007F506431'))).toBe(whole);
    expect(refusing.asked.slice(1, 4)).toEqual(['00B00000000800', '00B0000000', '00B0010000']);
    const behindShortReader = extendedCard(command => {
      if (command.length > 10 && !isSelect(command)) throw new TransportError('reader-failed', 'unsupported');
      return isSelect(command) ? fcp : bytesOf(command, 256);
    });
    expect(toHex(await readFile(basicChannel(behindShortReader), '3F007F506431'))).toBe(whole);
  });

  it('goes on after bytes that come with the warning 6282', async () => {
    const card = inOrder('620F82024121830264318A0105800200039000', '01026282', '039000');
    expect(toHex(await readFile(basicChannel(card), '3F007F506431'))).toBe('010203');
    const empty = inOrder('620F82024121830264318A0105800200039000', '6282');
    await expect(readFile(basicChannel(empty), '3F007F506431')).rejects.toMatchObject({ statusWord: 0x6282 });
  });

  it('reads no more records than have a number, whatever size the card tells', async () => {
    const card = scripted(command =>
      command.startsWith('00A4') ? '62108204422100018004FFFFFFFF83022F009000' : 'FF9000',
    );
    expect(await readRecords(basicChannel(card), '3F002F00')).toHaveLength(254);
    expect(card.asked.at(-1)).toBe('00B2FE0401');
  });

  it.each([
    ['6A82', 'file-not-found'],
    ['6985', 'command-refused'],
    ['6F0082' + '9000', 'fcp-malformed'],
    ['620482027821' + '9000', 'not-transparent'],
  ])('refuses a SELECT answered with %s', async (answer, code) => {
    await expect(readFile(basicChannel(scripted(() => answer)), '3F002FE2')).rejects.toMatchObject({ code });
  });

  it('uses the basic channel on a card without others, and closes what it opened', async () => {
    const single = scripted(() => '6A81');
    expect(await onLogicalChannel(single, async channel => channel.number)).toBe(0);
    const several = inOrder('029000', '9000');
    expect(await onLogicalChannel(several, async channel => channel.number)).toBe(2);
    expect(several.asked).toEqual(['0070000001', '00708002']);
    const failing = inOrder('019000', '9000');
    await expect(onLogicalChannel(failing, () => Promise.reject(new Error('no file')))).rejects.toThrow('no file');
    expect(failing.asked).toEqual(['0070000001', '00708001']);
  });
});
