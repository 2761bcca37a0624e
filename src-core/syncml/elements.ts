/** The elements that headers and commands share: Item, Target and Source, Meta, Cred, Chal (OMA-TS-DM_RepPro-V1_2_1 §6.1, §6.3). */
import type { MarkupElement } from '../encoding/markup.ts';
import type { Chal, Cred, Item, Location, Meta } from './message.ts';
import { dataValue, missing, nameOf, numberValue, textValue } from './values.ts';
import type { Warnings } from './warnings.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** `outer` is the meta information of the command, which holds for items that have none of their own. */
export function readItem(node: MarkupElement, outer: Meta | undefined, warnings: Warnings): Item {
  const item: Mutable<Item> = {};
  let data: MarkupElement | undefined;
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    switch (nameOf(child)) {
      case 'Target':
        item.target = warnings.first(item.target, child, node) ?? readLocation(child, warnings);
        break;
      case 'Source':
        item.source = warnings.first(item.source, child, node) ?? readLocation(child, warnings);
        break;
      case 'Meta':
        item.meta = warnings.first(item.meta, child, node) ?? readMeta(child, warnings);
        break;
      case 'Data':
        data = warnings.first(data, child, node) ?? child;
        break;
      case 'MoreData':
        item.moreData = true;
        break;
      default:
        warnings.unknown(child, node);
    }
  }
  if (data) item.data = dataValue(data, item.meta, outer, item.moreData);
  return item;
}

export function readLocation(node: MarkupElement, warnings: Warnings): Location {
  let uri: string | undefined;
  let name: string | undefined;
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    switch (nameOf(child)) {
      case 'LocURI':
        uri = warnings.first(uri, child, node) ?? textValue(child);
        break;
      case 'LocName':
        name = warnings.first(name, child, node) ?? textValue(child);
        break;
      default:
        warnings.unknown(child, node);
    }
  }
  if (uri === undefined) missing(node, 'LocURI');
  return name === undefined ? { uri } : { uri, name };
}

export function readCred(node: MarkupElement, warnings: Warnings): Cred {
  const cred: Mutable<Partial<Cred>> = {};
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    switch (nameOf(child)) {
      case 'Meta':
        cred.meta = warnings.first(cred.meta, child, node) ?? readMeta(child, warnings);
        break;
      case 'Data':
        cred.data = warnings.first(cred.data, child, node) ?? textValue(child);
        break;
      default:
        warnings.unknown(child, node);
    }
  }
  return { ...cred, data: cred.data ?? missing(node, 'Data') };
}

export function readChal(node: MarkupElement, warnings: Warnings): Chal {
  let meta: Meta | undefined;
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    if (nameOf(child) === 'Meta') meta = warnings.first(meta, child, node) ?? readMeta(child, warnings);
    else warnings.unknown(child, node);
  }
  return { meta: meta ?? {} };
}

export function readMeta(node: MarkupElement, warnings: Warnings): Meta {
  const meta: Mutable<Meta> = {};
  readMetaInto(meta, node, warnings);
  return meta;
}

function readMetaInto(meta: Mutable<Meta>, node: MarkupElement, warnings: Warnings): void {
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    switch (nameOf(child)) {
      case 'Format':
        meta.format = warnings.first(meta.format, child, node) ?? textValue(child);
        break;
      case 'Type':
        meta.type = warnings.first(meta.type, child, node) ?? textValue(child);
        break;
      case 'Mark':
        meta.mark = warnings.first(meta.mark, child, node) ?? textValue(child);
        break;
      case 'Size':
        meta.size = warnings.first(meta.size, child, node) ?? numberValue(child);
        break;
      case 'NextNonce':
        meta.nextNonce = warnings.first(meta.nextNonce, child, node) ?? textValue(child);
        break;
      case 'MaxMsgSize':
        meta.maxMsgSize = warnings.first(meta.maxMsgSize, child, node) ?? numberValue(child);
        break;
      case 'MaxObjSize':
        meta.maxObjSize = warnings.first(meta.maxObjSize, child, node) ?? numberValue(child);
        break;
      case 'Version':
        meta.version = warnings.first(meta.version, child, node) ?? textValue(child);
        break;
      case 'MetInf':
        // Some devices wrap the elements in the root of the MetInf DTD.
        if (node.name !== 'MetInf') readMetaInto(meta, child, warnings);
        else warnings.unknown(child, node);
        break;
      default:
        warnings.unknown(child, node);
    }
  }
}
