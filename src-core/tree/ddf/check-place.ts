/** Whether a node may be where a command puts it, and be missing where one takes it away. */
import { isPlaceholder, type NodeDescription, occurrenceWords } from './description.ts';
import type { Described } from './descriptions.ts';
import type { Found, Place } from './found.ts';
import { instances, isOpen } from './offers.ts';

/** The name that a node gets: described below its parent, and no other's. */
export function checkName(place: Place, described: Described | undefined, found: Found): void {
  const { parent, uri, name, above, tree } = place;
  if (!parent) return;
  const fold = (text: string) => text.toLowerCase();
  const alike = tree.children(above).find(other => other !== name && fold(other) === fold(name));
  if (alike !== undefined && !parent.caseSensitive) {
    found.add('case', 418, uri, parent, {
      text: `${above} has a child ${alike}, and case does not tell its children apart (CaseSense CIS)`,
      advice: `Use ${alike}, or another name`,
    });
  }
  if (described || isOpen(parent)) return;
  const names = parent.description.children.map(child => child.name);
  const meant = names.find(each => fold(each) === fold(name));
  found.add(meant === undefined ? 'name' : 'case', 405, uri, parent, {
    text: `No node ${name} is described below ${above}`,
    advice: meant === undefined ? `Described are ${names.join(', ')}` : `${meant} is: names are told apart by case`,
  });
}

/** One more of a description. */
export function checkOccurrence(place: Place, described: Described, found: Found): void {
  const { uri, above, name, parent, tree } = place;
  const { description } = described;
  const { most } = description.occurrence;
  const there = instances(above, description, parent, tree);
  if (most === undefined || there.length < most || there.includes(name)) return;
  found.add('occurrence', 405, uri, described, {
    text: `${above} has ${there.join(', ')} already; ${howMany(description)}`,
    advice: `Delete ${there.length === 1 ? there[0] : 'one of them'} first, or replace it`,
  });
}

/** The last of a description that must be there. */
export function checkRemoval(place: Place, described: Described, found: Found): void {
  const { uri, above, name, parent, tree } = place;
  const { description } = described;
  if (description.occurrence.least === 0 || description.scope === 'Permanent') return;
  const there = instances(above, description, parent, tree);
  if (there.some(other => other !== name)) return;
  found.add('occurrence', 405, uri, described, {
    text: `${uri} would be missing; ${howMany(description)}`,
    advice: 'Replace its value, or delete the node above it',
  });
}

function howMany(description: NodeDescription): string {
  return `${occurrenceWords(description.occurrence)} of ${isPlaceholder(description) ? 'them' : description.name} is described`;
}
