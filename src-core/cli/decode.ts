/** dmw decode: any document of DM as XML, as JSON, or as its bytes beside what they mean. */
import { toHex } from '../base/bytes.ts';
import { EncodingError } from '../base/errors.ts';
import type { MarkupElement } from '../encoding/markup.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import { readMessage } from '../syncml/read.ts';
import { type Command, parse, print, usageError } from './command.ts';
import { type Document, readDocument } from './document.ts';
import { hexLines } from './hex-lines.ts';

const usage = 'decode FILE|- [--xml | --hex | --json]';

export const command: Command = {
  usage,
  summary:
    'Decode SyncML, DevInf, TNDS or provisioning: WBXML, XML or hexadecimal text, recognised by itself; - reads standard input.',
  async run(args) {
    const { values, positionals } = parse(args, usage, {
      xml: { type: 'boolean', default: false },
      hex: { type: 'boolean', default: false },
    });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw usageError(usage, 'name one file');
    if ([values.json, values.xml, values.hex].filter(Boolean).length > 1)
      throw usageError(usage, 'choose one of --xml, --hex and --json');
    const document = await readDocument(path);
    if (values.json) printJson(document);
    else printLines(document, values.hex ? hexLines(document) : [writeXml(document.root, { pretty: true })]);
  },
};

function printJson(document: Document): void {
  const { bytes, encoding, type, root } = document;
  const content = isMessage(document) ? readMessage(root) : { root };
  const shown = JSON.stringify({ type, encoding, bytes: bytes.length, ...content }, (_key, value: unknown) =>
    value instanceof Uint8Array ? { hex: toHex(value) } : value,
  );
  print(true, JSON.parse(shown), () => []);
}

function printLines(document: Document, lines: readonly string[]): void {
  print(false, undefined, () => lines);
  for (const warning of isMessage(document) ? warningsOf(document.root) : [])
    process.stderr.write(`dmw: warning: ${warning}\n`);
}

/** What the message holds without meaning, or why it is no message of DM: the document itself can be shown all the same. */
function warningsOf(root: MarkupElement): string[] {
  try {
    const { warnings = [] } = readMessage(root);
    return warnings.map(({ text, range }) => (range ? `${text} (at offset ${range.start})` : text));
  } catch (error) {
    if (error instanceof EncodingError) return [error.message];
    throw error;
  }
}

function isMessage({ root }: Document): boolean {
  return root.name === 'SyncML';
}
