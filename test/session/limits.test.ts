/** MaxMsgSize, MaxObjSize and large objects, both ends against each other (OMA-TS-DM_Protocol-V1_2_1 §6 and §7). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Draft, Meta } from '../../src-core/syncml/message.ts';
import { ManagementTree } from '../../src-core/tree/management-tree.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { ACCOUNT } from '../support/dm-account.ts';
import { clientSession, type Run, run } from '../support/memory-session.ts';

const target = (uri: string) => ({ target: { uri } });
const get = (uri: string): Draft => ({ kind: 'Get', items: [target(uri)] });
const add = (uri: string, data: string | Uint8Array, meta: Meta = { format: 'chr' }): Draft => ({
  kind: 'Add',
  items: [{ ...target(uri), meta, data }],
});

function treeWith(values: readonly string[]): ManagementTree {
  const leaves = values.map((value, i) => leaf(`v${i}`, value));
  return new ManagementTree([interior('A', leaves, { acl: 'Add=*&Get=*&Replace=*&Delete=*' })], { now: () => 0 });
}

const sizes = ({ bytes, ladder }: Run) => ({
  up: Math.max(...bytes.filter((_, i) => ladder[i]?.startsWith('>')).map(one => one.length)),
  down: Math.max(...bytes.filter((_, i) => ladder[i]?.startsWith('<')).map(one => one.length)),
});

describe('messages never exceed what the peer takes', () => {
  it('results that fill several messages: the server asks for the next with 1222, only the last is final', () => {
    const values = ['a'.repeat(300), 'b'.repeat(300), 'c'.repeat(300)];
    const result = run(clientSession(ACCOUNT, treeWith(values)), [[get('./A/v0'), get('./A/v1'), get('./A/v2')]], {
      server: { maxMsgSize: 800 },
    });
    expect(result.ladder.map(line => line.replace(/(.)\1{99,}/g, '$1*'))).toEqual([
      '> 1 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] final',
      '< 1 cred [1 Status 1/0 SyncHdr 212 chal:20] [2 Status 1/1 Alert 200] [3 Status 1/2 Replace 200] [4 Get ./A/v0] [5 Get ./A/v1] [6 Get ./A/v2] final',
      '> 2 [1 Status 1/0 SyncHdr 212 chal:10] [2 Status 1/4 Get ./A/v0 200] [3 Results 1/4 ./A/v0=a*] [4 Status 1/5 Get ./A/v1 200]',
      '< 2 [1 Status 2/0 SyncHdr 200] [2 Alert 1222]',
      '> 3 [1 Status 2/0 SyncHdr 200] [2 Status 2/2 Alert 200] [3 Results 1/5 ./A/v1=b*] [4 Status 1/6 Get ./A/v2 200]',
      '< 3 [1 Status 3/0 SyncHdr 200] [2 Alert 1222]',
      '> 4 [1 Status 3/0 SyncHdr 200] [2 Status 3/2 Alert 200] [3 Results 1/6 ./A/v2=c*] final',
      '< 4 [1 Status 4/0 SyncHdr 200] final',
    ]);
    expect(sizes(result).up).toBeLessThanOrEqual(800);
    expect(result.told.filter(line => line.includes('='))).toEqual(
      values.map((value, i) => `Get ./A/v${i} = ${value}`),
    );
  });

  it('more commands than a message holds: the rest go in packages of their own', () => {
    const drafts = Array.from({ length: 12 }, (_, i) => add(`./A/n${i}`, 'x'.repeat(100)));
    const tree = treeWith([]);
    const result = run(clientSession(ACCOUNT, tree, { maxMsgSize: 900 }), [drafts]);
    expect(sizes(result).down).toBeLessThanOrEqual(900);
    expect(result.told).toEqual(drafts.map((_, i) => `Add ./A/n${i} 200`));
    expect(result.ladder.filter(line => line.startsWith('<')).every(line => line.endsWith('final'))).toBe(true);
  });

  it('what can never fit is told to the work, and the rest goes on', () => {
    const tree = treeWith([]);
    const group: Draft = { kind: 'Atomic', commands: [add('./A/big', 'x'.repeat(3000)), add('./A/s', 'y')] };
    const { told } = run(clientSession(ACCOUNT, tree, { maxMsgSize: 1000 }), [[group], [add('./A/ok', 'z')]]);
    expect(told).toEqual([
      'Atomic(Add ./A/big; Add ./A/s) unsent: Atomic does not fit into a message of 1000 bytes and cannot be cut',
      'Add ./A/ok 200',
    ]);
    expect(tree.has('./A/s')).toBe(false);
  });

  it('a device that takes no more than a few bytes gets no message at all', () => {
    expect(() => run(clientSession(ACCOUNT, treeWith([]), { maxMsgSize: 100 }), [])).toThrow(
      expect.objectContaining({ name: 'ProtocolError', code: 'max-msg-size' }),
    );
  });

  it.each(['wbxml', 'xml'] as const)(
    'a value that just fits alone, or just not, arrives at any length: %s',
    encoding => {
      const maxMsgSize = encoding === 'xml' ? 2500 : 1500;
      for (let length = maxMsgSize - 1300; length < maxMsgSize; length += 7) {
        const tree = treeWith(['']);
        const client = clientSession(ACCOUNT, tree, { encoding, maxMsgSize });
        const replace: Draft = {
          kind: 'Replace',
          items: [{ ...target('./A/v0'), meta: { format: 'chr' }, data: 'x'.repeat(length) }],
        };
        const { told } = run(client, [[replace]], { server: { encoding } });
        expect([length, told, tree.get('./A/v0', 'device').value?.length]).toEqual([
          length,
          ['Replace ./A/v0 200'],
          length,
        ]);
      }
    },
  );

  it('a device that takes little more than two statuses gets to the end, one status after the other', () => {
    const client = clientSession(ACCOUNT, treeWith(['b']), { encoding: 'xml', maxMsgSize: 1000 });
    const { told, events } = run(client, [[get('./A/v0')]], { server: { encoding: 'xml' } });
    expect(told).toEqual(['Get ./A/v0 200', 'Get ./A/v0 = b']);
    expect(events.client.at(-1)).toMatchObject({ kind: 'ended', outcome: 'completed' });
  });

  it('whatever the limits, the encoding and the values: nothing over the limit, everything arrives', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }).filter(text => !/[\p{Cc}\ufffe\uffff]/u.test(text)),
      fc.nat({ max: 2000 }).map(length =>
        'x&é😀'
          .repeat(Math.ceil(length / 4))
          .slice(0, length)
          .replace(/[\ud800-\udbff]$/, ''),
      ),
    );
    const limit = fc.integer({ min: 700, max: 3000 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 6 }),
        limit,
        limit,
        fc.constantFrom('wbxml' as const, 'xml' as const),
        (values, serverTakes, deviceTakes, encoding) => {
          const more = encoding === 'xml' ? 1100 : 0;
          const tree = treeWith(values);
          const drafts = values.flatMap((data, i) => [get(`./A/v${i}`), add(`./A/n${i}`, data)]);
          const result = run(
            clientSession(ACCOUNT, tree, { encoding, maxMsgSize: deviceTakes + more, maxObjSize: 100_000 }),
            [drafts],
            { server: { encoding, maxMsgSize: serverTakes + more }, limit: 2000 },
          );
          // The first message of each side goes out before it knows the other's limit.
          expect(
            sizes({ ...result, bytes: result.bytes.slice(1), ladder: result.ladder.slice(1) }).down,
          ).toBeLessThanOrEqual(deviceTakes + more);
          expect(
            sizes({ ...result, bytes: result.bytes.slice(2), ladder: result.ladder.slice(2) }).up,
          ).toBeLessThanOrEqual(serverTakes + more);
          for (const [i, data] of values.entries()) {
            expect(tree.get(`./A/n${i}`, 'device').value).toBe(data);
            expect(result.told).toContain(`Get ./A/v${i} = ${data}`);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('large objects', () => {
  const big = 'The quick brown fox. '.repeat(60);

  it('to the device: chunks with MoreData, 213 for each, then one command', () => {
    const tree = treeWith([]);
    const result = run(clientSession(ACCOUNT, tree, { maxMsgSize: 900 }), [[add('./A/big', big)]]);
    const brief = result.ladder.map(line => line.replace(/\[\d+ Status \d+\/0 SyncHdr \d+[^\]]*\] /g, ''));
    expect(brief).toEqual([
      '> 1 cred [1 Alert 1201] [2 Replace ./DevInfo/Man] final',
      '< 1 cred [2 Status 1/1 Alert 200] [3 Status 1/2 Replace 200] [4 Add ./A/big]',
      '> 2 [2 Status 1/4 Add ./A/big 213] [3 Alert 1222]',
      '< 2 [2 Status 2/3 Alert 200] [3 Add ./A/big]',
      '> 3 [2 Status 2/3 Add ./A/big 213] [3 Alert 1222]',
      '< 3 [2 Status 3/3 Alert 200] [3 Add ./A/big] final',
      '> 4 [2 Status 3/3 Add ./A/big 200] final',
      '< 4 final',
    ]);
    expect(tree.get('./A/big', 'device').value).toBe(big);
    expect(result.told).toEqual(['Add ./A/big 200']);
    expect(result.events.client.filter(event => event.kind === 'progress').map(event => event)).toEqual(
      expect.arrayContaining([{ kind: 'progress', uri: './A/big', received: big.length, size: big.length }]),
    );
  });

  it('from the device: Results in chunks, 213 for each, one result for the work', () => {
    const result = run(clientSession(ACCOUNT, treeWith([big])), [[get('./A/v0')]], { server: { maxMsgSize: 900 } });
    expect(result.told).toEqual(['Get ./A/v0 200', `Get ./A/v0 = ${big}`]);
    expect(result.ladder.filter(line => line.includes('…')).length).toBeGreaterThan(1);
    expect(result.ladder.filter(line => line.includes(' Results 213]')).length).toBe(
      result.ladder.filter(line => line.includes('…')).length,
    );
  });

  it('bytes in XML travel as base64 and arrive as the same bytes', () => {
    const tree = treeWith([]);
    const bytes = Uint8Array.from({ length: 2000 }, (_, i) => (i * 7) % 256);
    run(
      clientSession(ACCOUNT, tree, { encoding: 'xml', maxMsgSize: 1700 }),
      [[add('./A/raw', bytes, { format: 'bin', type: 'image/png' })]],
      { server: { encoding: 'xml' } },
    );
    expect(tree.get('./A/raw', 'device')).toMatchObject({
      format: 'bin',
      value: Buffer.from(bytes).toString('base64'),
    });
  });

  it('an object over the device’s MaxObjSize is not sent', () => {
    const tree = treeWith([]);
    const { told } = run(clientSession(ACCOUNT, tree, { maxObjSize: 500 }), [
      [add('./A/big', big), add('./A/ok', 'z')],
    ]);
    expect(told).toEqual([
      'Add ./A/big unsent: the object is larger than the 500 bytes that the peer takes',
      'Add ./A/ok 200',
    ]);
  });

  it('a result over the server’s MaxObjSize is answered 413', () => {
    const { told } = run(clientSession(ACCOUNT, treeWith([big])), [[get('./A/v0')]], { server: { maxObjSize: 500 } });
    expect(told).toEqual(['Get ./A/v0 413']);
  });

  it('a device without large objects gets none', () => {
    const { told } = run(
      clientSession(ACCOUNT, treeWith([]), { maxMsgSize: 900 }),
      [[add('./A/big', big)], [add('./A/ok', 'z')]],
      {
        server: { largeObjects: false },
      },
    );
    expect(told).toEqual([
      'Add ./A/big unsent: Add does not fit into a message of 900 bytes and cannot be cut',
      'Add ./A/ok 200',
    ]);
  });
});
