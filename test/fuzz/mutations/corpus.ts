/** What is mutated: all fixtures, generated documents in both encodings, and by hand what neither has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { fromHex } from '../../../src-core/base/bytes.ts';
import { buildDmBootstrap } from '../../../src-core/bootstrap/dm-profile.ts';
import { childElements, type MarkupElement, type SourceRange } from '../../../src-core/encoding/markup.ts';
import { writeWbxml } from '../../../src-core/encoding/wbxml/writer.ts';
import { dmAccountNode } from '../../../src-core/objects/dmacc.ts';
import { decodeMarkup, type Encoding, encodeMessage } from '../../../src-core/syncml/codec.ts';
import { writeTndsWbxml, writeTndsXml } from '../../../src-core/tree/tnds.ts';
import { ACCOUNT } from '../../support/dm-account.ts';
import { messages } from '../../support/generated-messages.ts';
import { trials } from '../documents/judge.ts';
import { shownDocument } from '../documents/quirks.ts';
import { spell } from '../documents/spelling.ts';

export interface Input {
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
}

/** Bytes of one element. */
export type Part = SourceRange;

export interface Original extends Input {
  /** All elements but the root. */
  readonly parts: readonly Part[];
}

const FIXTURES = join(import.meta.dirname, '../../fixtures');
/** Generated ones are no longer: more bytes make the same mistakes more slowly. */
const MOST = 4096;
const DOCUMENTS = 150;
const MESSAGES = 60;

export function corpus(seed: number): readonly Original[] {
  const generated = [...documents(seed), ...generatedMessages(seed)].filter(({ bytes }) => bytes.length <= MOST);
  return [...fixtures(), ...byHand(), ...generated].map(input => ({ ...input, parts: partsOf(input) }));
}

/** None where it cannot be read. */
export function partsOf({ encoding, bytes }: Input): readonly Part[] {
  try {
    return partsIn(decodeMarkup(bytes, encoding));
  } catch {
    return [];
  }
}

function partsIn(node: MarkupElement): Part[] {
  return childElements(node).flatMap(child => (child.range ? [child.range, ...partsIn(child)] : partsIn(child)));
}

function fixtures(): Input[] {
  return ['syncml', 'provisioning'].flatMap(folder =>
    readdirSync(join(FIXTURES, folder))
      .filter(file => /\.(wbxml|xml)$/.test(file))
      .map((file): Input => {
        const bytes = Uint8Array.from(readFileSync(join(FIXTURES, folder, file)));
        return { encoding: file.endsWith('.wbxml') ? 'wbxml' : 'xml', bytes };
      }),
  );
}

function documents(seed: number): Input[] {
  return fc.sample(trials, { seed, numRuns: DOCUMENTS }).flatMap(({ root, type, version, stringTable, spelling }) => [
    { encoding: 'wbxml', bytes: writeWbxml(root, type, { version, stringTable }) },
    { encoding: 'xml', bytes: spell({ root: shownDocument(root), spelling }, type.publicId) },
  ]);
}

function generatedMessages(seed: number): Input[] {
  return fc
    .sample(messages, { seed, numRuns: MESSAGES })
    .flatMap(message =>
      (['wbxml', 'xml'] as const).map(encoding => ({ encoding, bytes: encodeMessage(message, encoding) })),
    );
}

function byHand(): Input[] {
  const account = [{ path: '', node: dmAccountNode(ACCOUNT) }];
  return [
    { encoding: 'wbxml', bytes: buildDmBootstrap(ACCOUNT) },
    { encoding: 'wbxml', bytes: writeTndsWbxml(account) },
    { encoding: 'xml', bytes: new TextEncoder().encode(writeTndsXml(account)) },
    // UTF-16: SyncML with a string of its table, inline, and an entity
    { encoding: 'wbxml', bytes: fromHex('02 A401 8777 06 0041 0042 0000 6D 83 00 03 D83DDE00 0000 02 41 01') },
    // Literals with and without content and attributes, instructions around and in the root
    {
      encoding: 'wbxml',
      bytes: fromHex(
        '02 A401 6A 06 466F6F006200 43 04 00 01 6D 84 00 04 04 03 3100 01 44 00 01 C4 00 04 04 01 02 41 01 01',
      ),
    },
  ];
}
