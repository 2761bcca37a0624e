/** Commands as they will go out: the SyncML of them, its size, what speaks against it. Secrets are left out, as in every message. */
import { childElements, findChild, type MarkupElement } from '../encoding/markup.ts';
import { writeXml } from '../encoding/xml/writer.ts';
import { type CommandInput, draftOf } from '../server/jobs/command-input.ts';
import { Numbering } from '../session/page.ts';
import { serverFault } from '../session/sendable.ts';
import { decodeMarkup, encodeMessage } from '../syncml/codec.ts';
import type { Message } from '../syncml/message.ts';
import { redact } from './message-secrets.ts';
import { hexWithout } from './secret-bytes.ts';
import type { CommandPreview, CommandProblemView } from './work-views.ts';

/** Numbers and addresses are the session's; these only stand in for them. */
const HEADER: Message['header'] = {
  verDTD: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1',
  msgId: 1,
  target: { uri: 'device' },
  source: { uri: 'server' },
};

export function previewOf(inputs: readonly CommandInput[]): Omit<CommandPreview, 'problems'> {
  const numbering = new Numbering();
  // The first of a message is the status of the header.
  numbering.nextId();
  const commands = inputs.map(input => numbering.number(draftOf(input)));
  const bytes = encodeMessage({ header: HEADER, commands, final: true }, 'wbxml');
  const { root, ranges } = redact(decodeMarkup(bytes, 'wbxml'), { bytes, encoding: 'wbxml' });
  const elements = commandsIn(root);
  const start = elements[0]?.range?.start ?? 0;
  const end = elements.at(-1)?.range?.end ?? start;
  return {
    xml: elements.map(element => writeXml(element, { pretty: true }).trim()).join('\n'),
    wbxmlBytes: end - start,
    hex: hexWithout(bytes, ranges).slice(start * 2, end * 2),
  };
}

/** What the server itself refuses to send, whatever the device. */
export function faultsOf(inputs: readonly CommandInput[]): CommandProblemView[] {
  return inputs.flatMap(input => {
    const text = serverFault(draftOf(input));
    return text === undefined ? [] : [{ text, severity: 'error' as const }];
  });
}

function commandsIn(root: MarkupElement): MarkupElement[] {
  const body = findChild(root, 'SyncBody');
  return body ? childElements(body).filter(({ name }) => name !== 'Final') : [];
}
