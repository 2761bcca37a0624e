/** Typed SyncML DM message to mark-up, piece by piece, elements in the order of the DTD (OMA-TS-SyncML_RepPro-V1_2 §6). */
import type { MarkupSink } from '../encoding/markup.ts';
import { METINF_NAMESPACE } from '../encoding/wbxml/types/metinf.ts';
import type { Command, Cred, Item, ItemData, Location, Message, Meta, Results, Status, SyncHdr } from './message.ts';

export class MessageWriter {
  readonly #sink: MarkupSink;
  readonly #namespace: string;
  readonly #binary: boolean;

  /** `binary`: the encoding can carry bytes (WBXML); in XML they become base64. */
  constructor(sink: MarkupSink, namespace: string, binary: boolean) {
    this.#sink = sink;
    this.#namespace = namespace;
    this.#binary = binary;
  }

  message({ header, commands, final }: Message): void {
    this.#open('SyncML');
    this.#header(header);
    this.#open('SyncBody');
    for (const command of commands) this.command(command);
    this.#flag('Final', final);
    this.#close('SyncBody');
    this.#close('SyncML');
  }

  command(command: Command): void {
    switch (command.kind) {
      case 'Status':
        this.#status(command);
        return;
      case 'Results':
        this.#results(command);
        return;
      case 'Unsupported':
        this.#open(command.name);
        this.#leaf('CmdID', command.cmdId);
        this.#flag('NoResp', command.noResp);
        this.#close(command.name);
        return;
      default:
        this.#request(command);
    }
  }

  #header(header: SyncHdr): void {
    this.#open('SyncHdr');
    this.#leaf('VerDTD', header.verDTD);
    this.#leaf('VerProto', header.verProto);
    this.#leaf('SessionID', header.sessionId);
    this.#number('MsgID', header.msgId);
    this.#location('Target', header.target);
    this.#location('Source', header.source);
    this.#leaf('RespURI', header.respURI);
    this.#flag('NoResp', header.noResp);
    this.#cred(header.cred);
    this.#meta(header.meta);
    this.#close('SyncHdr');
  }

  #request(command: Exclude<Command, { kind: 'Status' | 'Results' | 'Unsupported' }>): void {
    this.#open(command.kind);
    this.#leaf('CmdID', command.cmdId);
    this.#flag('NoResp', command.noResp);
    if (command.kind === 'Alert') this.#number('Data', command.code);
    else this.#meta(command.meta);
    if (command.kind === 'Alert' || command.kind === 'Exec') this.#leaf('Correlator', command.correlator);
    if ('commands' in command) for (const inner of command.commands) this.command(inner);
    else this.#items(command.items);
    this.#close(command.kind);
  }

  #status(status: Status): void {
    this.#open('Status');
    this.#leaf('CmdID', status.cmdId);
    this.#number('MsgRef', status.msgRef);
    this.#leaf('CmdRef', status.cmdRef);
    this.#leaf('Cmd', status.cmd);
    this.#refs(status);
    if (status.chal) {
      this.#open('Chal');
      this.#meta(status.chal.meta);
      this.#close('Chal');
    }
    this.#number('Data', status.code);
    this.#items(status.items);
    this.#close('Status');
  }

  #results(results: Results): void {
    this.#open('Results');
    this.#leaf('CmdID', results.cmdId);
    this.#number('MsgRef', results.msgRef);
    this.#leaf('CmdRef', results.cmdRef);
    this.#meta(results.meta);
    this.#refs(results);
    this.#items(results.items);
    this.#close('Results');
  }

  #refs({ targetRefs, sourceRefs }: Status | Results): void {
    for (const ref of targetRefs) this.#leaf('TargetRef', ref);
    for (const ref of sourceRefs) this.#leaf('SourceRef', ref);
  }

  #items(items: readonly Item[]): void {
    for (const item of items) {
      this.#open('Item');
      this.#location('Target', item.target);
      this.#location('Source', item.source);
      // XML cannot carry bytes: they travel as base64, and the format says so (DM RepPro, Format).
      const asBase64 = !this.#binary && item.data instanceof Uint8Array;
      this.#meta(asBase64 ? { ...item.meta, format: 'b64' } : item.meta);
      this.#data(item.data);
      this.#flag('MoreData', item.moreData);
      this.#close('Item');
    }
  }

  #data(data: ItemData | undefined): void {
    if (data === undefined) return;
    this.#open('Data');
    if (typeof data === 'string') this.#sink.text(data);
    else if (this.#binary) this.#sink.opaque(data);
    else this.#sink.text(Buffer.from(data).toString('base64'));
    this.#close('Data');
  }

  #cred(cred: Cred | undefined): void {
    if (!cred) return;
    this.#open('Cred');
    this.#meta(cred.meta);
    this.#leaf('Data', cred.data);
    this.#close('Cred');
  }

  #location(name: 'Target' | 'Source', location: Location | undefined): void {
    if (!location) return;
    this.#open(name);
    this.#leaf('LocURI', location.uri);
    this.#leaf('LocName', location.name);
    this.#close(name);
  }

  #meta(meta: Meta | undefined): void {
    if (!meta) return;
    this.#open('Meta');
    this.#info('Format', meta.format);
    this.#info('Type', meta.type);
    this.#info('Mark', meta.mark);
    this.#info('Size', meta.size);
    this.#info('NextNonce', meta.nextNonce);
    this.#info('Version', meta.version);
    this.#info('MaxMsgSize', meta.maxMsgSize);
    this.#info('MaxObjSize', meta.maxObjSize);
    this.#close('Meta');
  }

  #info(name: string, value: string | number | undefined): void {
    if (value === undefined) return;
    this.#sink.open(METINF_NAMESPACE, name);
    this.#sink.text(String(value));
    this.#close(name);
  }

  #number(name: string, value: number | undefined): void {
    if (value !== undefined) this.#leaf(name, String(value));
  }

  #leaf(name: string, value: string | undefined): void {
    if (value === undefined) return;
    this.#open(name);
    this.#sink.text(value);
    this.#close(name);
  }

  #flag(name: string, present: boolean | undefined): void {
    if (!present) return;
    this.#open(name);
    this.#close(name);
  }

  #open(name: string): void {
    this.#sink.open(this.#namespace, name);
  }

  #close(name: string): void {
    this.#sink.close(name);
  }
}
