/** What every reader service says when a reader or card cannot be used. */
import { CardError, TransportError } from '../base/errors.ts';

export function unknownReader(name: string): TransportError {
  return new TransportError('reader-unknown', `there is no reader ${JSON.stringify(name)}`, {
    advice: 'List the readers and use a name as shown',
  });
}

export function busyReader(name: string): TransportError {
  return new TransportError('reader-busy', `the card in ${name} is in use`, {
    advice: 'Close the other program or wait until its work on the card is done',
  });
}

export function noCard(name: string): CardError {
  return new CardError('no-card', `there is no card in ${name}`, { advice: 'Insert a card' });
}

export function removedCard(cause?: unknown): CardError {
  return new CardError('card-removed', 'the card was pulled or stopped answering', {
    advice: 'Insert the card again',
    cause,
  });
}

export function muteCard(name: string): CardError {
  return new CardError('card-mute', `the card in ${name} does not answer`, {
    advice: 'Take it out, clean the contacts, check which way round it goes, and insert it again',
  });
}

export function pcscAbsent(cause?: unknown): TransportError {
  return new TransportError('pcsc-absent', 'the PC/SC service does not run', {
    advice: 'Start it (Debian: systemctl start pcscd) or use the built-in virtual reader',
    cause,
  });
}
