/**
 * Takes the secrets out of a message before anybody sees it: credentials that hold the password (DM Security §5.3.1) and
 * values of nodes that hold secrets by their names (secret-names.ts), on their own and in documents. Digests, nonces and what
 * a person typed stay on this machine's screen; what leaves the machine goes without them (`strict`): passwords can be guessed
 * from them, and the answer to a question does not say that it asked for a password (Protocol §10.2).
 */
import { EncodingError } from '../base/errors.ts';
import { childElements, findChild, type MarkupElement, type MarkupNode, textOf } from '../encoding/markup.ts';
import { readXml } from '../encoding/xml/reader.ts';
import { schemeOf } from '../syncml/credentials.ts';
import { type ByteSource, escaped, HiddenBytes, type HiddenRange } from './secret-bytes.ts';
import { isSecretName, SECRET_ENDINGS, secretNameIn } from './secret-names.ts';

export const BULLETS = '•••';

/** A shorter secret may stand anywhere in a text: then all of the text is left out. */
const SHORTEST_TO_SEEK = 4;

export interface Redacted {
  /** The document with bullets for secrets, and without the white space between elements. */
  readonly root: MarkupElement;
  /** Why a node of `root` shows bullets. */
  readonly why: ReadonlyMap<MarkupNode, string>;
  /** The same in the bytes. */
  readonly ranges: readonly HiddenRange[];
}

/** @param strict without digests, nonces and what a person typed too. */
export function redact(root: MarkupElement, source: ByteSource, strict = false): Redacted {
  const redactor = new Redactor(new HiddenBytes(source), strict);
  return { root: redactor.element(root, undefined, 0), why: redactor.why, ranges: redactor.bytes.ranges };
}

class Redactor {
  readonly why = new Map<MarkupNode, string>();
  /** The secrets as they were. */
  readonly values: string[] = [];
  readonly bytes: HiddenBytes;
  readonly #strict: boolean;

  constructor(bytes: HiddenBytes, strict = false) {
    this.bytes = bytes;
    this.#strict = strict;
  }

  /** `why`: it is inside a secret. `start`: first byte of the document that it is in. */
  element(node: MarkupElement, why: string | undefined, start: number): MarkupElement {
    const secret = secretChildOf(node) ?? (this.#strict ? proofChildOf(node) : undefined);
    const typed = this.#strict && isAnswerToAlert(node);
    const mixed = childElements(node).length > 0;
    const children = node.children
      .filter(child => !(mixed && child.kind === 'text' && child.text.trim() === ''))
      .map(child => {
        if (child.kind !== 'element') return this.#node(child, why, start, node);
        if (typed && child.name === 'Item') return this.#typedItem(child, why, start);
        return this.#node(child, why ?? (child.name === secret?.name ? secret.why : undefined), start, node);
      });
    return this.#attributes({ ...node, children }, start);
  }

  #typedItem(item: MarkupElement, why: string | undefined, start: number): MarkupElement {
    const children = childElements(item).map(child =>
      this.element(child, why ?? (child.name === 'Data' ? 'what a person typed' : undefined), start),
    );
    return { ...item, children };
  }

  #node(node: MarkupNode, why: string | undefined, start: number, parent: MarkupElement): MarkupNode {
    if (node.kind === 'element') return this.element(node, why, start);
    if (why !== undefined) return this.#hide(node, why, start);
    if (node.kind === 'opaque' && node.document) {
      const inner = node.range ? this.bytes.contentOf(node.range) : start;
      return { ...node, bytes: new Uint8Array(), document: this.element(node.document, undefined, inner) };
    }
    return parent.name === 'Data' ? this.#data(node, start) : node;
  }

  /** A document that travels as text, as base64 or as bytes: it may be a DM account. */
  #data(node: Exclude<MarkupNode, MarkupElement>, start: number): MarkupNode {
    const text = node.kind === 'text' ? node.text : Buffer.from(node.bytes).toString('utf8');
    if (!namesSecret(text)) return node;
    const why = 'secret in a document';
    const found = secretsOf(text);
    if (!found) return this.#hide(node, `${why} that cannot be taken apart`, start);
    if (found.length === 0) return node;
    const shown = found.reduce((all, form) => all.replaceAll(form, BULLETS), text);
    this.values.push(...found);
    this.bytes.hideWithin(node.range, found, why, start);
    return this.#bullets({ kind: 'text', text: shown }, node, why);
  }

  #hide(node: Exclude<MarkupNode, MarkupElement>, why: string, start: number): MarkupNode {
    const value = node.kind === 'text' ? node.text : Buffer.from(node.bytes).toString('utf8');
    this.values.push(value.trim());
    this.bytes.hide(node.range, value, why, start);
    return this.#bullets({ kind: 'text', text: BULLETS }, node, why);
  }

  #bullets(shown: MarkupNode, { range }: MarkupNode, why: string): MarkupNode {
    const node = { ...shown, ...(range && { range }) };
    this.why.set(node, why);
    return node;
  }

  /** Client provisioning writes its parameters as attributes: `<parm name="AAUTHSECRET" value="…"/>`. */
  #attributes(node: MarkupElement, start: number): MarkupElement {
    const name = node.attributes?.find(attribute => attribute.name === 'name')?.value ?? '';
    if (node.name !== 'parm' || !PROVISIONING_SECRET.test(name)) return node;
    const why = `value of ${name}`;
    const attributes = node.attributes?.map(attribute => {
      if (attribute.name !== 'value') return attribute;
      this.values.push(attribute.value);
      this.bytes.hide(node.range, attribute.value, why, start);
      return { ...attribute, value: BULLETS };
    });
    return { ...node, ...(attributes && { attributes }) };
  }
}

const PROVISIONING_SECRET = /^(?:AAUTHSECRET|AAUTHDATA|AUTHSECRET|PXAUTH-PW)$/i;

/** The child of this element that is a secret, and what it is. */
function secretChildOf(parent: MarkupElement): { readonly name: string; readonly why: string } | undefined {
  if (parent.name === 'Cred') {
    const scheme = schemeOf(typeOf(parent));
    if (scheme === 'md5' || scheme === 'hmac') return undefined;
    const kind = scheme === 'basic' ? 'basic credentials' : 'credentials of unknown type';
    return { name: 'Data', why: `${kind}: the password is in them` };
  }
  if (parent.name === 'Item') {
    const name = [uriOf(parent, 'Target'), uriOf(parent, 'Source')].map(secretNameIn).find(found => found);
    return name === undefined ? undefined : { name: 'Data', why: `value of ${name}` };
  }
  if (parent.name === 'Node') {
    const name = childText(parent, 'NodeName');
    return isSecretName(name) ? { name: 'Value', why: `value of ${name}` } : undefined;
  }
  return undefined;
}

/** The child that a password could be guessed from. */
function proofChildOf(parent: MarkupElement): { readonly name: string; readonly why: string } | undefined {
  if (parent.name === 'Cred') return { name: 'Data', why: 'credentials: the password can be guessed from them' };
  return findChild(parent, 'NextNonce') && { name: 'NextNonce', why: 'nonce for the next credentials' };
}

function typeOf(cred: MarkupElement): string {
  const meta = findChild(cred, 'Meta');
  return meta ? childText(findChild(meta, 'MetInf') ?? meta, 'Type') : '';
}

function uriOf(item: MarkupElement, place: string): string {
  const location = findChild(item, place);
  return location ? childText(location, 'LocURI') : '';
}

/** What the device answers to a question for a person carries what was typed. */
function isAnswerToAlert(node: MarkupElement): boolean {
  return node.name === 'Status' && childText(node, 'Cmd') === 'Alert';
}

function childText(parent: MarkupElement, name: string): string {
  const child = findChild(parent, name);
  return child ? textOf(child).trim() : '';
}

/** What else is a secret by its name, where it ends an element of XML or a string of WBXML: the words alone stand in many texts. */
const NAME_OF_NODE = new RegExp(`${SECRET_ENDINGS}(?:\\s*(?:\\]\\]>\\s*)?</|\\0\\x01)`, 'i');
const SECRET_NAME = /AAuth(?:Secret|Data)|AUTHSECRET|PXAUTH-PW/i;

/** A list of children names them too: only XML or WBXML can carry the values. */
function namesSecret(text: string): boolean {
  if (NAME_OF_NODE.test(text)) return true;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell WBXML from text
  if (SECRET_NAME.test(text.replaceAll('\0', ''))) return /[<\0-\x08\x0e-\x1f\ufffd]/.test(text);
  return (
    text.length > 16 &&
    /^[A-Za-z0-9+/=\s]+$/.test(text) &&
    namesSecretIn(Buffer.from(text, 'base64').toString('latin1'))
  );
}

function namesSecretIn(bytes: string): boolean {
  return NAME_OF_NODE.test(bytes) || SECRET_NAME.test(bytes.replaceAll('\0', ''));
}

/** The secrets of an XML document as they are written in it; undefined where they cannot be told from the rest. */
function secretsOf(text: string): string[] | undefined {
  const inner = new Redactor(new HiddenBytes({ bytes: new Uint8Array(), encoding: 'xml' }));
  try {
    inner.element(readXml(text), undefined, 0);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
  const found: string[] = [];
  for (const value of inner.values.filter(value => value !== '')) {
    const form = [value, escaped(value)].find(candidate => text.includes(candidate));
    if (form === undefined || value.length < SHORTEST_TO_SEEK) return undefined;
    found.push(form);
  }
  return found;
}
