/** Large objects put together (OMA-TS-DM_Protocol-V1_2_1 §7), and what alerts are answered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertStatus } from '../../src-core/session/alerts.ts';
import { Inbox } from '../../src-core/session/inbox.ts';
import { decodeMessage } from '../../src-core/syncml/codec.ts';
import type { Command, Item } from '../../src-core/syncml/message.ts';

const HEADER =
  '<SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>' +
  '<Target><LocURI>d</LocURI></Target><Source><LocURI>s</LocURI></Source></SyncHdr>';
const TNDS = 'application/vnd.syncml.dmtnds+wbxml';

/** A chunk as XML brings it. */
function chunk(data: string, meta: string, more: boolean): Command {
  const item = `<Item><Source><LocURI>./A</LocURI></Source><Meta>${meta}</Meta><Data>${data}</Data>${more ? '<MoreData/>' : ''}</Item>`;
  const results = `<Results><CmdID>1</CmdID><CmdRef>4</CmdRef>${item}</Results>`;
  const xml = `<SyncML>${HEADER}<SyncBody>${results}<Final/></SyncBody></SyncML>`;
  const [command] = decodeMessage(new TextEncoder().encode(xml), 'xml').commands;
  if (!command) throw new Error('no command');
  return command;
}

/** What comes out for pieces of one object; the first says the size. */
function assembled(pieces: readonly string[], meta: string, size: number) {
  const inbox = new Inbox(10_000);
  const taken = pieces.map((piece, i) =>
    inbox.take(chunk(piece, i === 0 ? `${meta}<Size>${size}</Size>` : meta, i < pieces.length - 1)),
  );
  const [command] = taken.at(-1)?.commands ?? [];
  const data = command && 'items' in command ? command.items[0]?.data : undefined;
  return { data, codes: taken.flatMap(({ statuses }) => statuses.map(({ code }) => code)) };
}

describe('base64 objects in XML', () => {
  const meta = `<Format>b64</Format><Type>${TNDS}</Type>`;

  it('cut anywhere, even inside a group of four: the bytes are whole', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(80), { maxLength: 5 }),
        (bytes, cuts) => {
          const text = Buffer.from(bytes).toString('base64');
          const at = [...new Set(cuts.map(cut => cut % text.length))].filter(cut => cut > 0).toSorted((a, b) => a - b);
          const pieces = [0, ...at].map((from, i) => text.slice(from, at[i]));
          const { data, codes } = assembled(pieces, meta, text.length);
          expect(codes).toEqual(pieces.slice(1).map(() => 213));
          expect(data).toEqual(Uint8Array.from(bytes));
        },
      ),
    );
  });

  it('a base64 object whose Size counts its bytes', () => {
    expect(assembled(['AAEC', 'Aw=='], meta, 4)).toEqual({ data: Uint8Array.of(0, 1, 2, 3), codes: [213] });
    expect(assembled(['AAEC', 'Aw=='], meta, 8).data).toEqual(Uint8Array.of(0, 1, 2, 3));
  });

  it('a Size that is neither: 424', () => {
    expect(assembled(['AAEC', 'Aw=='], meta, 5)).toEqual({ data: undefined, codes: [213, 424] });
  });

  it('of another type it stays the text it is', () => {
    expect(assembled(['AAEC', 'Aw=='], '<Format>b64</Format><Type>image/png</Type>', 8).data).toBe('AAECAw==');
  });
});

describe('alerts of devices', () => {
  const status = (code: number, ...items: Item[]) => alertStatus({ kind: 'Alert', cmdId: '1', code, items });

  it('a client event without Type and Format is taken', () => {
    expect(status(1224, { data: 'door open' })).toBe(200);
  });

  it('a generic alert without them is not', () => {
    expect(status(1226, { data: 'door open' })).toBe(412);
  });
});
