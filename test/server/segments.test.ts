/** However HTTP and TCP cut messages, and whichever connection they take: the session is the same, byte for byte. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MEDIA_TYPE } from '../../src-core/syncml/codec.ts';
import { startDmBench } from '../support/dm-bench.ts';
import { RawConnection, requestBytes } from './raw-http.ts';

const DEVICES = ['490000000000001', '490000000000002'];
const NONCE = Uint8Array.from({ length: 16 }, (_, i) => i);
const SERVER_URL = 'http://dm.example/dm';

/** A server that gives the same bytes every time: fixed time and nonces, sessions counted; and what each device knows of it. */
async function startFixedBench() {
  let keys = 0;
  const bench = await startDmBench({
    url: SERVER_URL,
    now: () => 1_767_323_045_678,
    newNonce: () => NONCE,
    newKey: () => `key-${++keys}`,
  });
  const accounts = await Promise.all(DEVICES.map(imei => bench.account(imei, { nonce: NONCE })));
  return { bench, accounts };
}

interface Exchanged {
  /** Path and query. */
  readonly target: string;
  readonly message: Uint8Array;
  readonly answer: Uint8Array;
}

/** The first session of each device, as it goes without HTTP. */
async function record(): Promise<Exchanged[][]> {
  const { bench, accounts } = await startFixedBench();
  const sessions: Exchanged[][] = [];
  for (const [i, imei] of DEVICES.entries()) {
    const exchanged: Exchanged[] = [];
    const handset = bench.handset(accounts[i], { imei }, async (url, message, encoding) => {
      const answer = await bench.direct(url, message, encoding);
      exchanged.push({ target: url.replace('http://dm.example', ''), message: message.bytes, answer: answer.bytes });
      return answer;
    });
    expect((await handset.connect()).outcome).toBe('completed');
    sessions.push(exchanged);
  }
  await bench.close();
  return sessions;
}

/** How the next message, or one of each device behind the other, gets to the server. */
const way = fc.record({
  /** Whose message it is; 2: both, one right after the other. */
  whose: fc.constantFrom(0, 1, 2),
  connection: fc.nat(2),
  reconnects: fc.boolean(),
  again: fc.boolean(),
  chunks: fc.option(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 6 }), { nil: undefined }),
  pieces: fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 8 }),
});
type Way = typeof way extends fc.Arbitrary<infer T> ? T : never;
const PLAIN: Way = { whose: 2, connection: 0, reconnects: false, again: false, chunks: undefined, pieces: [] };

class Sender {
  readonly #port: number;
  readonly #connections: (RawConnection | undefined)[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  async send(messages: readonly Exchanged[], { connection: at, reconnects, chunks, pieces }: Way): Promise<void> {
    if (reconnects) this.#connections[at]?.close();
    if (reconnects) this.#connections[at] = undefined;
    this.#connections[at] ??= await RawConnection.open(this.#port);
    const connection = this.#connections[at];
    const headers = { 'Content-Type': MEDIA_TYPE.wbxml };
    const requests = messages.map(({ target, message }) => requestBytes(target, headers, message, chunks));
    await connection.writeInPieces(Buffer.concat(requests), pieces);
    for (const { answer } of messages) {
      const got = await connection.answer();
      expect(got?.status).toBe(200);
      expect(got && Buffer.compare(got.body, answer), 'the answer is the same').toBe(0);
    }
  }

  close(): void {
    for (const connection of this.#connections) connection?.close();
  }
}

/** Sends both sessions to their ends over these ways, and the plain one after them. */
async function play(sessions: readonly (readonly Exchanged[])[], ways: readonly Way[]): Promise<void> {
  const { bench } = await startFixedBench();
  const sender = new Sender(Number(new URL(bench.http.url).port));
  const left = sessions.map(session => [...session]);
  try {
    for (let step = 0; left.some(session => session.length > 0); step++) {
      const chosen = ways[step] ?? PLAIN;
      // The devices come in this order, so that their sessions get the keys of the record.
      const devices = step === 0 && chosen.whose === 1 ? [0] : chosen.whose === 2 ? [0, 1] : [chosen.whose];
      const messages = devices.flatMap(device => left[device]?.splice(0, 1) ?? []);
      await sender.send(messages, chosen);
      if (chosen.again) await sender.send(messages, { ...chosen, reconnects: false });
    }
    for (const imei of DEVICES)
      expect(await bench.store.sessions(`IMEI:${imei}`, 9)).toMatchObject([{ state: 'completed' }]);
  } finally {
    sender.close();
    await bench.close();
  }
}

describe('HTTP binding and server', () => {
  let sessions: Exchanged[][];
  beforeAll(async () => {
    sessions = await record();
  });
  it('give the same session for any chunks, segments, connections, pipelining and repetitions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(way, { maxLength: 24 }), ways => play(sessions, ways)),
      { numRuns: 60 },
    );
  }, 120_000);

  it('one byte a segment', async () => {
    const [session = []] = sessions;
    const { bench } = await startFixedBench();
    const sender = new Sender(Number(new URL(bench.http.url).port));
    const [first] = session;
    const length = (first?.message.length ?? 0) + 300;
    if (first) await sender.send([first], { ...PLAIN, chunks: undefined, pieces: Array(length).fill(1) });
    sender.close();
    await bench.close();
    expect(first?.message.length).toBeGreaterThan(300);
  });

  it('a message over hundreds of segments and chunks, and several behind each other in one segment', async () => {
    const cut = { ...PLAIN, chunks: Array(200).fill(7), pieces: Array(300).fill(11) };
    await play(sessions, sessions[0]?.map((_, i) => (i % 2 ? cut : PLAIN)) ?? []);
    expect(sessions[0]?.length).toBeGreaterThan(4);
  });
});
