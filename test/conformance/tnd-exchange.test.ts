/** A part of the tree in one answer (OMA-TS-DM_TND-V1_2_1 §8.2). */
import { describe, expect } from 'vitest';
import type { Encoding } from '../../src-core/syncml/codec.ts';
import type { Item } from '../../src-core/syncml/message.ts';
import { interior, leaf } from '../../src-core/tree/node.ts';
import { readTndsWbxml, readTndsXml, TNDS_WBXML_TYPE, TNDS_XML_TYPE } from '../../src-core/tree/tnds.ts';
import { get } from './bench.ts';
import { codesWithoutTnds, EVERYTHING, ManagedDevice } from './managed-device.ts';
import { requirement } from './require.ts';

/** The tree of the examples in the specification's appendix. */
const device = (encoding: Encoding = 'wbxml') =>
  new ManagedDevice(
    [
      interior(
        'A',
        [
          interior('C', []),
          interior('D', [
            interior('E', [
              leaf('G', 'text'),
              leaf('H', 'AP9B', { format: 'bin', type: 'application/octet-stream' }),
              leaf('I', 'YWJj', { format: 'b64' }),
            ]),
            leaf('F', '<doc/>', { format: 'xml', type: 'text/xml' }),
          ]),
        ],
        { ...EVERYTHING, type: 'urn:oma:mo:example:1.0' },
      ),
      leaf('B', '7', { format: 'int', ...EVERYTHING }),
    ],
    { encoding },
  );

const uris = ['./A', './A/C', './A/D', './A/D/E', './A/D/E/G', './A/D/E/H', './A/D/E/I', './A/D/F'];
/** Format and Type as Meta says them, or the defaults of MetInf. */
const described = ({ source, meta }: Item) => [source?.uri, meta?.format ?? 'chr', meta?.type ?? 'text/plain'];

const STRUCTURE = [
  ['./A', 'node', 'urn:oma:mo:example:1.0'],
  ['./A/D/E/G', 'chr', 'text/plain'],
  ['./A/D/E/H', 'bin', 'application/octet-stream'],
  ['./A/D/E/I', 'b64', 'text/plain'],
  ['./A/D/F', 'xml', 'text/xml'],
];

describe('Struct', () => {
  requirement('TND-8.2-1', () => {
    const items = device().items('./A?list=Struct');
    const named = new Set(STRUCTURE.map(([uri]) => uri));
    expect(items.filter(({ source }) => named.has(source?.uri)).map(described)).toEqual(STRUCTURE);
    expect(items.filter(({ meta }) => meta?.format === 'node').map(({ source }) => source?.uri)).toEqual(
      uris.slice(0, 4),
    );
    expect(items.filter(({ data }) => data !== undefined)).toEqual([]);
  });

  requirement('TND-8.2-2', () => {
    const items = device().items('./A?list=Struct');
    expect(items.map(({ source }) => source?.uri)).toEqual(uris);
  });
});

describe('StructData', () => {
  requirement('TND-8.2-3', () => {
    const items = device().items('./A?list=StructData');
    const named = new Set(STRUCTURE.map(([uri]) => uri));
    expect(items.filter(({ source }) => named.has(source?.uri)).map(described)).toEqual(STRUCTURE);
  });

  requirement('TND-8.2-4', () => {
    const items = device().items('./A/D?list=StructData');
    expect(items.map(({ source }) => source?.uri)).toEqual(uris.slice(2));
  });

  requirement('TND-8.2-5', () => {
    const items = device().items('./A?list=StructData');
    const data = new Map(items.map(item => [item.source?.uri, item.data]));
    expect(data.get('./A/D/E/G')).toBe('text');
    expect(data.get('./A/D/E/H')).toEqual(Uint8Array.of(0, 0xff, 0x41));
    expect(data.get('./A/D/E/I')).toBe('YWJj');
    expect(data.get('./A/D/F')).toBe('<doc/>');
  });
});

describe('TNDS', () => {
  requirement('TND-8.2-6', () => {
    const [binary] = device().items('./A?list=TNDS');
    expect(binary?.meta).toMatchObject({ type: TNDS_WBXML_TYPE, format: 'bin' });
    expect(readTndsWbxml(binary?.data as Uint8Array)[0]?.node.name).toBe('A');
    const [text] = device('xml').items('./A?list=TNDS');
    expect(text?.meta).toMatchObject({ type: TNDS_XML_TYPE, format: 'xml' });
    expect(readTndsXml(text?.data as string)[0]?.node.name).toBe('A');
  });

  requirement('TND-8.2-7', () => {
    for (const uri of ['./A', './A/D', './A/D/E']) {
      expect(
        device()
          .items(`${uri}?list=TNDS`)
          .map(({ source }) => source?.uri),
      ).toEqual([uri]);
    }
  });

  requirement('TND-8.2-8', () => {
    expect(device().code(get('./A?list=TNDS+Value+ACL'))).toBe(200);
    expect(device().code(get('./A?list=TNDS+Value+Colour'))).toBe(406);
    expect(device().code(get('./A?list=TNDS-Colour'))).toBe(406);
    expect(codesWithoutTnds(device().tree, get('./A?list=TNDS'))).toEqual([406]);
  });
});
