/** What came otherwise than it was recorded: an element, or a whole message. */
import { commandName } from '../../syncml/message.ts';
import type { DifferenceView } from '../session-views.ts';
import type { RecordedMessage } from './recording.ts';

export type Difference = DifferenceView;

/** It was recorded, and did not come. */
export function missingMessage(recorded: RecordedMessage): Difference {
  return { messageKey: recorded.key, number: recorded.number, path: '', recorded: describe(recorded) };
}

function describe({ message: { commands } }: RecordedMessage): string {
  return commands.map(commandName).join(', ') || 'a message without commands';
}
