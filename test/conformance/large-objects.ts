/** Both directions of a large object: the scripted peer asks for chunk after chunk, or sends them. */
import type { Draft, Item, Message } from '../../src-core/syncml/message.ts';
import { alert, commandsIn, text } from './bench.ts';
import { type DeviceOptions, ScriptedDevice } from './scripted-device.ts';
import { ScriptedServer, type ServerOptions } from './scripted-server.ts';

/** An object that needs several small messages. */
export const LARGE = text(4000);
/** Room for a few hundred bytes beside header and statuses. */
const SMALL_MESSAGES = { wbxml: { maxMsgSize: 700 }, xml: { maxMsgSize: 2200 } };

/** Whether the message has a chunk with more to come. */
export function isOpen({ commands }: Message): boolean {
  return commands.some(command => 'items' in command && command.items.some(item => item.moreData));
}

/** All messages of a server that sends `work` to a device that takes small messages, from package 2 to the end. */
export function sentByServer(work: readonly (readonly Draft[])[], options: DeviceOptions = {}): Message[] {
  const device = new ScriptedDevice({ meta: SMALL_MESSAGES[options.encoding ?? 'wbxml'], ...options, work });
  const messages = [device.begin()];
  while (!device.over && messages.length < 30) {
    const open = isOpen(device.last);
    const statuses = commandsIn(device.last).map(command => device.status(command, open ? 213 : 200));
    const more = open ? [alert(1222)] : [];
    messages.push(device.send([device.headerStatus(), ...statuses, ...more], { final: !open }));
  }
  return messages;
}

/** All messages of a client that answers `drafts` of a server that takes small messages, from package 3 on. */
export function sentByClient(drafts: readonly Draft[], options: ServerOptions = {}): Message[] {
  const server = new ScriptedServer({ meta: SMALL_MESSAGES[options.encoding ?? 'wbxml'], ...options });
  const messages = [server.begin(drafts)];
  while (!server.last.final && messages.length < 30) messages.push(server.next([alert(1222)], { final: false }));
  return messages;
}

/** Three chunks of `data` as Items; Size goes with the first. */
export function chunksOf(item: Item, data = LARGE, size = data.length): Item[] {
  const third = Math.ceil(data.length / 3);
  const { meta, ...rest } = item;
  return [
    { ...rest, meta: { ...meta, size }, data: data.slice(0, third), moreData: true },
    { ...item, data: data.slice(third, 2 * third), moreData: true },
    { ...item, data: data.slice(2 * third) },
  ];
}

/** All Items that carry data, whatever command or answer they are of. */
export function dataItems(messages: readonly Message[]): Item[] {
  return messages.flatMap(({ commands }) =>
    commands.flatMap(command => ('items' in command ? command.items.filter(({ data }) => data !== undefined) : [])),
  );
}

/** What the chunks make together. */
export function joined(items: readonly Item[]): string {
  return items.map(({ data }) => String(data)).join('');
}
