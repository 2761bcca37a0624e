/** Documents of every type that is judged: SyncML 1.1 and 1.2 with all they may carry, DevInf, DM DDF and TNDS, PROV. */
import fc from 'fast-check';
import { element, type MarkupElement, type MarkupNode, text } from '../../../src-core/encoding/markup.ts';
import type { DocumentType, WbxmlVersion } from '../../../src-core/encoding/wbxml/code-pages.ts';
import { DEVINF_1_1, DEVINF_1_2 } from '../../../src-core/encoding/wbxml/types/devinf.ts';
import { DM_DDF_1_2 } from '../../../src-core/encoding/wbxml/types/dm-ddf.ts';
import { METINF_NAMESPACE } from '../../../src-core/encoding/wbxml/types/metinf.ts';
import { PROV_1_0 } from '../../../src-core/encoding/wbxml/types/prov.ts';
import { SYNCML_1_1, SYNCML_1_2 } from '../../../src-core/encoding/wbxml/types/syncml.ts';
import { writeWbxml } from '../../../src-core/encoding/wbxml/writer.ts';
import { writeXml } from '../../../src-core/encoding/xml/writer.ts';
import { TNDS_WBXML_TYPE, TNDS_XML_TYPE } from '../../../src-core/tree/tnds.ts';
import { documents } from '../../support/markup-documents.ts';
import { Grammar } from './grammar.ts';
import {
  DDF_MODEL,
  DEVINF_1_1_MODEL,
  DEVINF_1_2_MODEL,
  PROV_MODEL,
  SYNCML_1_1_MODELS,
  SYNCML_1_2_MODELS,
} from './models.ts';
import { anyText, base64, number } from './texts.ts';

export interface GeneratedDocument {
  readonly type: DocumentType;
  readonly root: MarkupElement;
  /** Follows its content model; else it has any tags in any order, and text between them. */
  readonly isModelled: boolean;
}

export const DEVINF_WBXML_TYPE = 'application/vnd.syncml-devinf+wbxml';

const ddf = new Grammar([DDF_MODEL]).element('MgmtTree');
const devinf11 = new Grammar([DEVINF_1_1_MODEL]).element('DevInf');
const devinf12 = new Grammar([DEVINF_1_2_MODEL]).element('DevInf');

export const wbxmlVersions: fc.Arbitrary<WbxmlVersion> = fc.constantFrom('1.0', '1.1', '1.2', '1.3');

/** The bytes of a document inside another: any version, with and without a string table. */
function embedded(root: fc.Arbitrary<MarkupElement>, type: DocumentType): fc.Arbitrary<MarkupNode> {
  return fc.tuple(root, wbxmlVersions, fc.boolean()).map(([inner, version, stringTable]) => ({
    kind: 'opaque',
    bytes: writeWbxml(inner, type, { version, stringTable }),
  }));
}

/** Meta and Data that fit each other. */
interface Payload {
  readonly format?: string;
  readonly type?: string;
  readonly data?: MarkupNode;
}

const payloads = (devinf: fc.Arbitrary<MarkupElement>, devinfType: DocumentType): fc.Arbitrary<Payload> =>
  fc.oneof(
    fc.constant({}),
    anyText.map(value => ({ data: text(value) })),
    anyText.map(value => ({ format: 'chr', type: 'text/plain', data: text(value) })),
    number.map(value => ({ format: 'int', data: text(value) })),
    base64.map(value => ({ format: 'b64', type: 'application/octet-stream', data: text(value) })),
    ddf.map(tree => ({ format: 'xml', type: TNDS_XML_TYPE, data: text(writeXml(tree)) })),
    embedded(ddf, DM_DDF_1_2).map(data => ({ format: 'bin', type: TNDS_WBXML_TYPE, data })),
    embedded(devinf, devinfType).map(data => ({ format: 'bin', type: DEVINF_WBXML_TYPE, data })),
    fc
      .uint8Array({ minLength: 1, maxLength: 300 })
      .map(bytes => ({ format: 'bin', type: 'image/png', data: { kind: 'opaque', bytes } as const })),
  );

/** Item = Target? Source? SourceParent? TargetParent? Meta? Data? MoreData?, parents in 1.2 only. */
function items(
  grammar: Grammar,
  levels: number,
  namespace: string,
  payload: fc.Arbitrary<Payload>,
): fc.Arbitrary<MarkupNode[]> {
  const maybe = (name: string) => fc.option(grammar.element(name, levels), { nil: undefined });
  const parents = namespace.endsWith('1.2') ? fc.tuple(maybe('SourceParent'), maybe('TargetParent')) : fc.constant([]);
  return fc
    .tuple(maybe('Target'), maybe('Source'), parents, payload, maybe('MoreData'))
    .map(([target, source, parent, { format, type, data }, more]) => {
      const info = Object.entries({ Format: format, Type: type });
      const meta = info.flatMap(([name, value]) => (value ? [element(METINF_NAMESPACE, name, [text(value)])] : []));
      const filled = data && !(data.kind === 'text' && data.text === '');
      return [
        target,
        source,
        ...parent,
        meta.length > 0 ? element(namespace, 'Meta', meta) : undefined,
        data && element(namespace, 'Data', filled ? [data] : []),
        more,
      ].filter(node => node !== undefined);
    });
}

function syncml(
  type: DocumentType,
  models: typeof SYNCML_1_2_MODELS,
  payload: fc.Arbitrary<Payload>,
): fc.Arbitrary<MarkupElement> {
  const namespace = models[0]?.namespace ?? '';
  return new Grammar(models, { Item: (grammar, levels) => items(grammar, levels, namespace, payload) }).element(
    type.root,
  );
}

const PARAMETERS = ['NAME', 'NAP-ADDRESS', 'APPID', 'AAUTHTYPE', 'AAUTHLEVEL', 'INIT', 'x'];
const VALUES = ['w7', 'IPV4', 'HTTP-BASIC,HTTP-DIGEST', 'APPSRV', 'MANUAL', 'AAA HA', ''];
const parameter = fc
  .tuple(fc.constantFrom(...PARAMETERS), fc.option(fc.oneof(fc.constantFrom(...VALUES), anyText), { nil: undefined }))
  .map(([name, value]) => [{ name: 'name', value: name }, ...(value === undefined ? [] : [{ name: 'value', value }])]);
const characteristic = fc
  .constantFrom('APPLICATION', 'PORT', 'CLIENTIDENTITY', 'VENDORCONFIG', 'other')
  .map(value => [{ name: 'type', value }]);

/** The elements of PROV say all in attributes. */
function provisioning(): fc.Arbitrary<MarkupElement> {
  const withAttributes = (node: MarkupElement): fc.Arbitrary<MarkupElement> => {
    const children = node.children.filter(child => child.kind === 'element').map(withAttributes);
    const attributes =
      node.name === 'parm'
        ? parameter
        : node.name === 'characteristic'
          ? characteristic
          : fc.constant([{ name: 'version', value: '1.0' }]);
    return fc.tuple(attributes, fc.tuple(...children)).map(([own, inner]) => element('', node.name, inner, own));
  };
  return new Grammar([PROV_MODEL]).element('wap-provisioningdoc').chain(withAttributes);
}

const of = (
  type: DocumentType,
  roots: fc.Arbitrary<MarkupElement>,
  isModelled = true,
): fc.Arbitrary<GeneratedDocument> => roots.map(root => ({ type, root, isModelled }));

const anyLeaf = anyText.filter(value => value !== '').map(text);
/** Any tags of these pages in any order, in the root of the type. */
function anyTags(type: DocumentType, pages: readonly number[]): fc.Arbitrary<GeneratedDocument> {
  const namespace = [...type.pages.values()][0]?.namespace ?? '';
  const roots = documents(type, pages, anyLeaf).map(inner => element(namespace, type.root, [inner]));
  return of(type, roots, false);
}

export const DOCUMENTS: Readonly<Record<string, fc.Arbitrary<GeneratedDocument>>> = {
  'SyncML 1.2': of(SYNCML_1_2, syncml(SYNCML_1_2, SYNCML_1_2_MODELS, payloads(devinf12, DEVINF_1_2))),
  'SyncML 1.1': of(SYNCML_1_1, syncml(SYNCML_1_1, SYNCML_1_1_MODELS, payloads(devinf11, DEVINF_1_1))),
  'DM DDF 1.2': of(DM_DDF_1_2, ddf),
  'DevInf 1.2': of(DEVINF_1_2, devinf12),
  'DevInf 1.1': of(DEVINF_1_1, devinf11),
  'PROV 1.0': of(PROV_1_0, provisioning()),
  // libwbxml knows no code page 02 inside SyncML.
  'any tags of SyncML 1.2': anyTags(SYNCML_1_2, [0, 1]),
  'any tags of DM DDF 1.2': anyTags(DM_DDF_1_2, [2]),
};
