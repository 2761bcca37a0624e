/** Writes a DDF, in XML or WBXML; elements in the order of the DTD (OMA-TS-DM_TND-V1_2_1 §9.4 and §10). */
import { element, type MarkupElement, text } from '../../encoding/markup.ts';
import { DM_DDF_1_2, DMDDF_NAMESPACE } from '../../encoding/wbxml/types/dm-ddf.ts';
import { writeWbxml } from '../../encoding/wbxml/writer.ts';
import { writeXml } from '../../encoding/xml/writer.ts';
import {
  type Ddf,
  isInteriorDescription,
  type NodeDescription,
  occurrenceName,
  RUN_TIME_PROPERTIES,
  type RunTimeProperty,
} from './description.ts';

export function writeDdf({ manufacturer, model, nodes }: Ddf): MarkupElement {
  return ddf('MgmtTree', [
    leaf('VerDTD', '1.2'),
    manufacturer === undefined ? undefined : leaf('Man', manufacturer),
    model === undefined ? undefined : leaf('Mod', model),
    ...nodes.map(writeNode),
  ]);
}

/** For people to read and change. */
export function writeDdfXml(document: Ddf): string {
  return writeXml(writeDdf(document), { declaration: true, pretty: true });
}

export function writeDdfWbxml(document: Ddf): Uint8Array {
  return writeWbxml(writeDdf(document), DM_DDF_1_2);
}

function writeNode(node: NodeDescription): MarkupElement {
  return ddf('Node', [
    leaf('NodeName', node.name),
    node.path === undefined ? undefined : leaf('Path', node.path),
    writeRunTime(node),
    writeFramework(node),
    ...node.children.map(writeNode),
    node.value === undefined ? undefined : leaf('Value', node.value),
  ]);
}

function writeRunTime(node: NodeDescription): MarkupElement | undefined {
  const { runTime } = node;
  if (!runTime) return undefined;
  const properties = RUN_TIME_PROPERTIES.flatMap(property => {
    const value = runTime[property];
    return value === undefined ? [] : [writeRunTimeProperty(property, value, isInteriorDescription(node))];
  });
  return ddf('RTProperties', properties);
}

function writeRunTimeProperty(property: RunTimeProperty, value: string, interior: boolean): MarkupElement {
  if (property === 'Format') return ddf('Format', value === '' ? [] : [ddf(value)]);
  if (property === 'Type') return ddf('Type', [leaf(interior ? 'DDFName' : 'MIME', value)]);
  return leaf(property, value);
}

function writeFramework(node: NodeDescription): MarkupElement {
  const types = isInteriorDescription(node)
    ? [leaf('DDFName', node.identifier ?? '')]
    : (node.mimeTypes.length > 0 ? node.mimeTypes : ['']).map(type => leaf('MIME', type));
  return ddf('DFProperties', [
    node.access &&
      ddf(
        'AccessType',
        node.access.map(command => ddf(command)),
      ),
    node.defaultValue === undefined ? undefined : leaf('DefaultValue', node.defaultValue),
    node.description === undefined ? undefined : leaf('Description', node.description),
    ddf('DFFormat', [ddf(node.format)]),
    ddf('Occurrence', [writeOccurrence(node)]),
    ddf('Scope', [ddf(node.scope)]),
    node.title === undefined ? undefined : leaf('DFTitle', node.title),
    ddf('DFType', types),
    node.caseSense && ddf('CaseSense', [ddf(node.caseSense)]),
  ]);
}

function writeOccurrence({ occurrence }: NodeDescription): MarkupElement {
  const name = occurrenceName(occurrence);
  return name.endsWith('N') ? leaf(name, String(occurrence.most)) : ddf(name);
}

function leaf(name: string, value: string): MarkupElement {
  return ddf(name, value === '' ? [] : [text(value)]);
}

function ddf(name: string, children: Parameters<typeof element>[2] = []): MarkupElement {
  return element(DMDDF_NAMESPACE, name, children);
}
