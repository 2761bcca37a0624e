/** Readers of the laboratory inside this process: the reader contract over virtual UICCs. */
import { CardError } from '../base/errors.ts';
import { takesExtended } from '../encoding/atr.ts';
import type { Uicc } from '../virtual/uicc/uicc.ts';
import type { CardAccess, CardConnection, ReaderService, ReaderState, ReadersListener } from './reader.ts';
import { busyReader, noCard, removedCard, unknownReader } from './reader-errors.ts';

interface Slot {
  card: Uicc | undefined;
  /** Counts cards put in: one that was pulled and put back is a new one, its old connection stays dead. */
  insertions: number;
  exclusive: boolean;
  /** Connections that share the card. */
  shared: number;
}

const emptySlot = (): Slot => ({ card: undefined, insertions: 0, exclusive: false, shared: 0 });

export interface InProcessReaders extends ReaderService {
  readonly transport: 'in-process';
  /** Puts a card into a reader; the reader appears with its first card. */
  insert(readerName: string, card: Uicc): void;
  /** Pulls the card, also while someone is connected. */
  remove(readerName: string): void;
}

/** @param names readers that are there from the start, empty. */
export function createInProcessReaders(names: readonly string[] = []): InProcessReaders {
  const slots = new Map<string, Slot>(names.map(name => [name, emptySlot()]));
  const listeners = new Set<ReadersListener>();

  const snapshot = (): ReaderState[] =>
    [...slots].map(([name, slot]) =>
      slot.card?.powered ? { name, state: 'present', atr: slot.card.atr } : { name, state: 'empty' },
    );
  const announce = () => {
    for (const listener of listeners) listener(snapshot());
  };

  return {
    transport: 'in-process',
    readers: async () => snapshot(),
    watch(listener) {
      // An own function for each watch: the same listener may watch twice.
      const watcher: ReadersListener = readers => listener(readers);
      listeners.add(watcher);
      queueMicrotask(() => {
        if (listeners.has(watcher)) watcher(snapshot());
      });
      return () => listeners.delete(watcher);
    },
    async connect(readerName, access = 'exclusive') {
      const slot = slots.get(readerName);
      if (slot === undefined) throw unknownReader(readerName);
      if (slot.exclusive || (slot.shared > 0 && access === 'exclusive')) throw busyReader(readerName);
      if (!slot.card?.powered) throw noCard(readerName);
      if (access === 'exclusive') slot.exclusive = true;
      else slot.shared += 1;
      return connectionTo(slot, slot.card, access, announce);
    },
    async close() {
      listeners.clear();
    },
    insert(readerName, card) {
      const slot = slots.get(readerName) ?? emptySlot();
      slots.set(readerName, slot);
      slot.card = card;
      slot.insertions += 1;
      card.power(true);
      announce();
    },
    remove(readerName) {
      const slot = slots.get(readerName);
      slot?.card?.power(false);
      if (slot) slot.card = undefined;
      announce();
    },
  };
}

function connectionTo(slot: Slot, card: Uicc, access: CardAccess, announce: () => void): CardConnection {
  const insertion = slot.insertions;
  const inserted = () => slot.card === card && slot.insertions === insertion;
  let open = true;
  return {
    atr: card.atr,
    extended: takesExtended(card.atr),
    async transmit(apdu) {
      if (!open || !inserted()) throw removedCard();
      try {
        return card.transmit(apdu);
      } catch (error) {
        if (error instanceof CardError && error.code === 'card-removed') {
          slot.card = undefined;
          announce();
        }
        throw error;
      }
    },
    async disconnect() {
      if (!open) return;
      open = false;
      if (access === 'shared') {
        slot.shared -= 1;
        return;
      }
      slot.exclusive = false;
      if (inserted()) card.reset();
    },
  };
}
