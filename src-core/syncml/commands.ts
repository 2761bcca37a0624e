/** Commands of a received message (OMA-TS-DM_RepPro-V1_2_1 §6.5, §6.6). */
import type { MarkupElement } from '../encoding/markup.ts';
import { readChal, readItem, readMeta } from './elements.ts';
import type { Chal, Command, Item, Meta } from './message.ts';
import { missing, nameOf, numberValue, textValue } from './values.ts';
import type { Warnings } from './warnings.ts';

const names = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const COMMON = names('CmdID NoResp Meta Item');
const GROUP = names('CmdID NoResp Meta');

/** Elements that have a meaning in each command, whatever their order; groups hold commands too. */
const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  Add: COMMON,
  // Meta is not in the DTD of Alert; some servers put the type of their items there.
  Alert: names('CmdID NoResp Meta Data Correlator Item'),
  Atomic: GROUP,
  Copy: COMMON,
  Delete: COMMON,
  Exec: names('CmdID NoResp Meta Correlator Item'),
  Get: COMMON,
  Replace: COMMON,
  Results: names('CmdID MsgRef CmdRef Meta TargetRef SourceRef Item'),
  Sequence: GROUP,
  Status: names('CmdID MsgRef CmdRef Cmd TargetRef SourceRef Chal Data Item'),
};

/** Commands of SyncML that DM does not use. */
const UNSUPPORTED = names('Map Move Put Search Sync');

/** The elements of one command, whichever it is. */
interface Fields {
  cmdId: string | undefined;
  msgRef: number | undefined;
  cmdRef: string | undefined;
  cmd: string | undefined;
  noResp: boolean;
  meta: Meta | undefined;
  chal: Chal | undefined;
  /** Data of an Alert or a Status. */
  code: number | undefined;
  correlator: string | undefined;
  readonly targetRefs: string[];
  readonly sourceRefs: string[];
  readonly items: MarkupElement[];
  readonly commands: Command[];
}

/** Undefined for an element that is no command. */
export function readCommand(node: MarkupElement, warnings: Warnings): Command | undefined {
  const name = nameOf(node);
  if (UNSUPPORTED.has(name)) return readUnsupported(node, warnings);
  const known = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  return known && commandOf(node, readFields(node, known, warnings), warnings);
}

function commandOf(node: MarkupElement, fields: Fields, warnings: Warnings): Command | undefined {
  const cmdId = fields.cmdId ?? missing(node, 'CmdID');
  const kind = node.name;
  switch (kind) {
    case 'Add':
    case 'Copy':
    case 'Delete':
    case 'Get':
    case 'Replace':
      return withCommon({ kind, cmdId, items: readItems(fields, warnings) }, fields);
    case 'Exec': {
      const exec = withCommon({ kind, cmdId, items: readItems(fields, warnings) }, fields);
      return fields.correlator === undefined ? exec : { ...exec, correlator: fields.correlator };
    }
    case 'Alert': {
      const code = fields.code ?? missing(node, 'Data');
      const alert = withCommon({ kind, cmdId, code, items: readItems(fields, warnings) }, fields);
      return fields.correlator === undefined ? alert : { ...alert, correlator: fields.correlator };
    }
    case 'Atomic':
    case 'Sequence':
      return withCommon({ kind, cmdId, commands: fields.commands }, fields);
    case 'Status':
      return statusOf(node, cmdId, fields, warnings);
    default:
      return resultsOf(node, cmdId, fields, warnings);
  }
}

function statusOf(node: MarkupElement, cmdId: string, fields: Fields, warnings: Warnings): Command {
  const { targetRefs, sourceRefs, chal } = fields;
  const status = {
    kind: 'Status' as const,
    cmdId,
    msgRef: fields.msgRef ?? missing(node, 'MsgRef'),
    cmdRef: fields.cmdRef ?? missing(node, 'CmdRef'),
    cmd: fields.cmd ?? missing(node, 'Cmd'),
    targetRefs,
    sourceRefs,
    code: fields.code ?? missing(node, 'Data'),
    items: readItems(fields, warnings),
  };
  return chal ? { ...status, chal } : status;
}

function resultsOf(node: MarkupElement, cmdId: string, fields: Fields, warnings: Warnings): Command {
  const { msgRef, targetRefs, sourceRefs } = fields;
  const cmdRef = fields.cmdRef ?? missing(node, 'CmdRef');
  const items = readItems(fields, warnings);
  const results = withCommon({ kind: 'Results' as const, cmdId, cmdRef, targetRefs, sourceRefs, items }, fields);
  return msgRef === undefined ? results : { ...results, msgRef };
}

/** What any command may have, where this one has it. */
function withCommon<C extends object>(command: C, { noResp, meta }: Fields): C & { noResp?: true; meta?: Meta } {
  const out: C & { noResp?: true; meta?: Meta } = command;
  if (noResp) out.noResp = true;
  if (meta) out.meta = meta;
  return out;
}

function readItems({ items, meta }: Fields, warnings: Warnings): Item[] {
  return items.map(item => readItem(item, meta, warnings));
}

function readUnsupported(node: MarkupElement, warnings: Warnings): Command {
  let cmdId: string | undefined;
  let noResp = false;
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    if (nameOf(child) === 'CmdID') cmdId ??= textValue(child);
    else if (nameOf(child) === 'NoResp') noResp = true;
  }
  warnings.add(node, `${node.name} is no command of DM`);
  const command = { kind: 'Unsupported' as const, cmdId: cmdId ?? missing(node, 'CmdID'), name: node.name };
  return noResp ? { ...command, noResp } : command;
}

function readFields(node: MarkupElement, known: ReadonlySet<string>, warnings: Warnings): Fields {
  const fields = noFields();
  for (const child of node.children) {
    if (child.kind !== 'element') continue;
    if (known.has(nameOf(child))) takeField(fields, child, node, warnings);
    else {
      const inner = known === GROUP ? readCommand(child, warnings) : undefined;
      if (inner) fields.commands.push(inner);
      else warnings.unknown(child, node);
    }
  }
  return fields;
}

function noFields(): Fields {
  return {
    cmdId: undefined,
    msgRef: undefined,
    cmdRef: undefined,
    cmd: undefined,
    noResp: false,
    meta: undefined,
    chal: undefined,
    code: undefined,
    correlator: undefined,
    targetRefs: [],
    sourceRefs: [],
    items: [],
    commands: [],
  };
}

function takeField(fields: Fields, child: MarkupElement, node: MarkupElement, warnings: Warnings): void {
  switch (child.name) {
    case 'CmdID':
      fields.cmdId = warnings.first(fields.cmdId, child, node) ?? textValue(child);
      break;
    case 'MsgRef':
      fields.msgRef = warnings.first(fields.msgRef, child, node) ?? numberValue(child);
      break;
    case 'CmdRef':
      fields.cmdRef = warnings.first(fields.cmdRef, child, node) ?? textValue(child);
      break;
    case 'Cmd':
      fields.cmd = warnings.first(fields.cmd, child, node) ?? textValue(child);
      break;
    case 'NoResp':
      fields.noResp = true;
      break;
    case 'Meta':
      fields.meta = warnings.first(fields.meta, child, node) ?? readMeta(child, warnings);
      break;
    case 'Chal':
      fields.chal = warnings.first(fields.chal, child, node) ?? readChal(child, warnings);
      break;
    case 'Data':
      fields.code = warnings.first(fields.code, child, node) ?? numberValue(child);
      break;
    case 'Correlator':
      fields.correlator = warnings.first(fields.correlator, child, node) ?? textValue(child);
      break;
    case 'TargetRef':
      fields.targetRefs.push(textValue(child));
      break;
    case 'SourceRef':
      fields.sourceRefs.push(textValue(child));
      break;
    case 'Item':
      fields.items.push(child);
      break;
  }
}
