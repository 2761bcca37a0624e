/** The key of a card: no try is lost that nobody meant to lose, and no trace shows it. */
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src-core/base/bytes.ts';
import { Secret } from '../../src-core/base/secret.ts';
import { parseAdm, presentAdm } from '../../src-core/card/adm.ts';
import { basicChannel } from '../../src-core/card/file-access.ts';
import { writePlan } from '../../src-core/card/provision.ts';
import type { CardConnection } from '../../src-core/card/reader.ts';
import { type ApduTrace, traceConnection } from '../../src-core/card/trace.ts';
import { createUicc } from '../../src-core/virtual/uicc/uicc.ts';
import { document, inReader, RIGHT, usedBytes } from '../support/card-in-reader.ts';
import { expectLostTries } from '../support/lost-tries.ts';
import { BOOTSTRAP, plan, verify, WRONG, write } from '../support/provisioning.ts';

describe('ADM tries', () => {
  it('a wrong key costs one try and says so; the next wrong one is the last presented', async () => {
    expectLostTries(2);
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    await expect(write(card, made, WRONG)).rejects.toMatchObject({
      code: 'adm-wrong',
      statusWord: 0x63c2,
      details: { triesLeft: 2 },
    });
    await expect(write(card, made, WRONG)).rejects.toMatchObject({ code: 'adm-wrong', details: { triesLeft: 1 } });
    await expect(write(card, made, WRONG)).rejects.toMatchObject({ code: 'adm-last-try' });
    await expect(write(card, made, RIGHT)).rejects.toMatchObject({ code: 'adm-last-try' });
    expect(card.admTriesLeft).toBe(1);
    expect(usedBytes(card, BOOTSTRAP)).toBe('');
    const consent = { iccid: made.iccid };
    await inReader(card, connection => writePlan(connection, made, RIGHT, { consent }));
    expect(card.admTriesLeft).toBe(3);
  });

  it('never presents to a blocked card', async () => {
    expectLostTries(3);
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    card.power(true);
    for (let i = 0; i < 3; i++) card.transmit(fromHex('0020000A083030303030303030'));
    await expect(write(card, made, RIGHT)).rejects.toMatchObject({ code: 'adm-blocked' });
  });

  it('spends none on planning, verifying, a finished card, a key of the wrong length, or a cancelled write', async () => {
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    await expect(write(card, made, Secret.ofText('1234'))).rejects.toMatchObject({ code: 'adm-format' });
    const cancelled = inReader(card, connection => writePlan(connection, made, WRONG, { signal: AbortSignal.abort() }));
    await expect(cancelled).rejects.toMatchObject({ name: 'RequestError', code: 'write-cancelled' });
    await write(card, made);
    expect(await write(card, made, WRONG)).toEqual({ updates: 0, bytesWritten: 0 });
    await verify(card, made);
    expect(card.admTriesLeft).toBe(3);
  });

  it('a key goes to the card once, whatever it answers', async () => {
    for (const answer of ['6C08', '6108', '6300', '9F08']) {
      const sent: string[] = [];
      const connection: CardConnection = {
        atr: new Uint8Array(),
        extended: false,
        disconnect: async () => undefined,
        async transmit(apdu) {
          sent.push(toHex(apdu));
          return fromHex(apdu.length > 5 ? answer : '63C3');
        },
      };
      await expect(presentAdm(basicChannel(connection), RIGHT)).rejects.toMatchObject({ code: 'adm-refused' });
      expect(sent).toEqual(['0020000A', '0020000A083132333435363738']);
    }
  });

  it('reads keys as digits and as hexadecimal', () => {
    expect(toHex(parseAdm(' 12345678 ').reveal())).toBe('3132333435363738');
    expect(toHex(parseAdm('01020304A5a60708').reveal())).toBe('01020304A5A60708');
    for (const text of ['', '1234567', '123456789', 'zz020304a5a60708'])
      expect(() => parseAdm(text)).toThrow(expect.objectContaining({ code: 'adm-format' }));
  });

  it('shows in no trace and no error', async () => {
    expectLostTries(1);
    const card = createUicc();
    const made = await plan(card, document(300, 1));
    const traces: ApduTrace[] = [];
    let clock = 1000;
    const error = await inReader(card, connection =>
      writePlan(
        traceConnection(
          connection,
          () => clock++,
          entry => traces.push(entry),
        ),
        made,
        WRONG,
      ).catch(e => e),
    );
    const verifies = traces.filter(entry => entry.name === 'VERIFY');
    expect(verifies.map(entry => [entry.command, entry.statusWord, entry.ok, entry.meaning])).toEqual([
      // Asking for the counter is no failure.
      ['0020000A', '63C3', true, '3 tries left'],
      ['0020000A08•••', '63C2', false, 'verification failed, 2 tries left'],
    ]);
    expect(traces[0]).toMatchObject({ at: 1000, ms: 1, name: 'SELECT', statusWord: '9000', meaning: 'done' });
    expect(JSON.stringify([traces, error.message, error.details])).not.toContain('3030303030303030');
  });
});
