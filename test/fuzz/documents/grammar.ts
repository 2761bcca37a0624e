/** Content models as arbitraries of fast-check. */
import fc from 'fast-check';
import { element, type MarkupElement, type MarkupNode, text } from '../../../src-core/encoding/markup.ts';
import type { ContentModel } from './models.ts';
import { anyText, base64, number, word } from './texts.ts';

type Nodes = fc.Arbitrary<readonly MarkupNode[]>;

const asText = (texts: fc.Arbitrary<string>): Nodes => texts.map(value => (value === '' ? [] : [text(value)]));

const LEAVES: Readonly<Record<string, Nodes>> = {
  '#number': asText(number),
  '#word': asText(word),
  '#text': asText(anyText),
  '#base64': asText(base64),
  '#empty': fc.constant([]),
};

/** Elements that may stand in themselves take one of these levels, or more; where none is left they are left out. */
const LEVELS = 2;
const TAKES: Readonly<Record<string, number>> = {
  Atomic: 1,
  Sequence: 1,
  Sync: 1,
  Filter: 2,
  Node: 1,
  characteristic: 1,
};
const REPEATED = 3;

export class Grammar {
  readonly #models: readonly ContentModel[];
  /** Content of elements that a model cannot tell. */
  readonly #special: Readonly<Record<string, (grammar: Grammar, levels: number) => Nodes>>;
  readonly #made = new Map<string, fc.Arbitrary<MarkupElement>>();

  constructor(
    models: readonly ContentModel[],
    special: Readonly<Record<string, (grammar: Grammar, levels: number) => Nodes>> = {},
  ) {
    this.#models = models;
    this.#special = special;
  }

  element(name: string, levels = LEVELS): fc.Arbitrary<MarkupElement> {
    const key = `${name} ${levels}`;
    const made = this.#made.get(key) ?? this.#make(name, levels);
    this.#made.set(key, made);
    return made;
  }

  #make(name: string, levels: number): fc.Arbitrary<MarkupElement> {
    const model = this.#models.find(({ content }) => Object.hasOwn(content, name));
    const namespace = (model ?? this.#models[0])?.namespace ?? '';
    const inner = levels - (TAKES[name] ?? 0);
    const content = this.#special[name]?.(this, inner) ?? this.#content(model?.content[name] ?? unknown(name), inner);
    return content.map(nodes => element(namespace, name, nodes));
  }

  #content(model: string, levels: number): Nodes {
    const leaf = LEAVES[model];
    if (leaf) return leaf;
    if (model.startsWith('=')) return asText(fc.constant(model.slice(1)));
    const parts = model.split(' ').map(part => this.#part(part, levels));
    return fc.tuple(...parts).map(nodes => nodes.flat());
  }

  #part(part: string, levels: number): Nodes {
    const [, choice = '', times = ''] = /^(.*?)([?*+]?)$/.exec(part) ?? [];
    const names = choice.split('|').filter(name => levels >= (TAKES[name] ?? 0));
    if (names.length === 0) return fc.constant([]);
    const one = fc.constantFrom(...names).chain(name => this.element(name, levels));
    if (times === '') return one.map(node => [node]);
    if (times === '?') return fc.option(one, { nil: undefined, freq: 2 }).map(node => (node ? [node] : []));
    return fc.array(one, { minLength: times === '+' ? 1 : 0, maxLength: REPEATED });
  }
}

function unknown(name: string): never {
  throw new Error(`no content model for ${name}`);
}
