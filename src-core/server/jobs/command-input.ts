/** Commands for a device as data, as a person or a job asks for them, and the SyncML commands they become (DM RepPro §6.6). */
import { AlertCode } from '../../syncml/codes.ts';
import type { Draft, Item } from '../../syncml/message.ts';
import { queriedUri } from '../../tree/uri.ts';

/** A node as a command carries it; bytes are base64 text in the server's view, and travel as they are where the format is bin. */
export interface NodeValue {
  readonly format: string;
  readonly type?: string | undefined;
  /** Absent for an interior node. */
  readonly value?: string | undefined;
}

export type AskKind = 'display' | 'confirm' | 'input' | 'choice' | 'choices';

/** A user interaction (OMA-TS-DM_Protocol-V1_2_1 §10). */
export interface Ask {
  readonly kind: AskKind;
  readonly text: string;
  /** Of a choice, in this order. */
  readonly choices?: readonly string[] | undefined;
  /** MINDT and MAXDT. */
  readonly minSeconds?: number | undefined;
  readonly maxSeconds?: number | undefined;
  /** DR. */
  readonly defaultResponse?: string | undefined;
  /** MAXLEN: characters. */
  readonly maxLength?: number | undefined;
  readonly inputType?: 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone' | 'ip-address' | undefined;
  readonly echoType?: 'text' | 'password' | undefined;
}

/** Plain JSON: it is kept in the store, and shown. */
export type CommandInput =
  /** `list`: `StructData`, `TNDS+ACL`; `prop`: a property. One of them at most. */
  | {
      readonly kind: 'get';
      readonly uri: string;
      readonly list?: string | undefined;
      readonly prop?: string | undefined;
    }
  | ({ readonly kind: 'replace'; readonly uri: string; readonly value: string } & NodeValue)
  | { readonly kind: 'replaceProperty'; readonly uri: string; readonly prop: string; readonly value: string }
  | ({ readonly kind: 'add'; readonly uri: string } & NodeValue)
  | { readonly kind: 'delete'; readonly uri: string }
  | { readonly kind: 'copy'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'exec';
      readonly uri: string;
      readonly data?: string | undefined;
      readonly correlator?: string | undefined;
    }
  | { readonly kind: 'alert'; readonly ask: Ask }
  | { readonly kind: 'atomic' | 'sequence'; readonly commands: readonly CommandInput[] };

export function draftOf(input: CommandInput): Draft {
  switch (input.kind) {
    case 'get':
      return { kind: 'Get', items: [{ target: { uri: queriedUri(input.uri, input) } }] };
    case 'replace':
      return { kind: 'Replace', items: [nodeItem(input.uri, input)] };
    case 'replaceProperty':
      // Text always, so without Meta (TND §7.4).
      return { kind: 'Replace', items: [{ target: { uri: queriedUri(input.uri, input) }, data: input.value }] };
    case 'add':
      return { kind: 'Add', items: [nodeItem(input.uri, input)] };
    case 'delete':
      return { kind: 'Delete', items: [{ target: { uri: input.uri } }] };
    case 'copy':
      return { kind: 'Copy', items: [{ source: { uri: input.from }, target: { uri: input.to } }] };
    case 'exec':
      return execDraft(input);
    case 'alert':
      return askDraft(input.ask);
    case 'atomic':
      return { kind: 'Atomic', commands: input.commands.map(draftOf) };
    case 'sequence':
      return { kind: 'Sequence', commands: input.commands.map(draftOf) };
  }
}

/** Nodes that the command names, without what is asked of them. */
export function urisOf(input: CommandInput): string[] {
  switch (input.kind) {
    case 'copy':
      return [input.from, input.to];
    case 'alert':
      return [];
    case 'atomic':
    case 'sequence':
      return [...new Set(input.commands.flatMap(urisOf))];
    default:
      return [input.uri];
  }
}

const VERBS = {
  get: 'read',
  replace: 'replace',
  add: 'add',
  delete: 'delete',
  exec: 'execute',
} as const;

/** For people: `read ./DevDetail`, `atomic of 2 commands`. */
export function titleOf(input: CommandInput): string {
  switch (input.kind) {
    case 'get':
      return `read ${queriedUri(input.uri, input)}`;
    case 'replaceProperty':
      return `replace ${queriedUri(input.uri, input)}`;
    case 'copy':
      return `copy ${input.from} to ${input.to}`;
    case 'alert':
      return `ask: ${input.ask.text}`;
    case 'atomic':
    case 'sequence':
      return `${input.kind} of ${input.commands.length === 1 ? '1 command' : `${input.commands.length} commands`}`;
    default:
      return `${VERBS[input.kind]} ${input.uri}`;
  }
}

/** The type of a value goes with it (TND §7.7.7.1): text where it is not known to be something else. */
function nodeItem(uri: string, { format, type, value }: NodeValue): Item {
  if (value === undefined) return { target: { uri }, meta: { format, ...(type !== undefined && { type }) } };
  const known = type ?? (format === 'bin' || format === 'b64' ? undefined : 'text/plain');
  const meta = { format, ...(known !== undefined && { type: known }) };
  return { target: { uri }, meta, data: format === 'bin' ? Uint8Array.from(Buffer.from(value, 'base64')) : value };
}

function execDraft({ uri, data, correlator }: Extract<CommandInput, { kind: 'exec' }>): Draft {
  const items = [{ target: { uri }, ...(data !== undefined && { data }) }];
  return { kind: 'Exec', ...(correlator !== undefined && { correlator }), items };
}

const ASK_CODES: Readonly<Record<AskKind, number>> = {
  display: AlertCode.DISPLAY,
  confirm: AlertCode.CONFIRM_OR_REJECT,
  input: AlertCode.TEXT_INPUT,
  choice: AlertCode.SINGLE_CHOICE,
  choices: AlertCode.MULTIPLE_CHOICE,
};

/** Letters of IT and ET (Protocol §10.3). */
const INPUT_TYPES = { alphanumeric: 'A', numeric: 'N', date: 'D', time: 'T', phone: 'P', 'ip-address': 'I' } as const;
const ECHO_TYPES = { text: 'T', password: 'P' } as const;

/** Options, the text, what can be chosen (Protocol §10.2). */
function askDraft(ask: Ask): Draft {
  const options = optionsOf(ask);
  const choices = (ask.choices ?? []).map(data => ({ data }));
  return {
    kind: 'Alert',
    code: ASK_CODES[ask.kind],
    items: [options === '' ? {} : { data: options }, { data: ask.text }, ...choices],
  };
}

function optionsOf({ minSeconds, maxSeconds, defaultResponse, maxLength, inputType, echoType }: Ask): string {
  const options = {
    MINDT: minSeconds,
    MAXDT: maxSeconds,
    DR: defaultResponse,
    MAXLEN: maxLength,
    IT: inputType && INPUT_TYPES[inputType],
    ET: echoType && ECHO_TYPES[echoType],
  };
  return Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
}
