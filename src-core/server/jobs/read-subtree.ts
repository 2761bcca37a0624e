/**
 * Reads subtrees with as few commands as the device allows: the nodes they begin with by themselves, what is below with
 * `?list=StructData`, else `?list=TNDS`, else node by node; then the properties, with `?list=TNDS` or one by one
 * (OMA-TS-DM_TND-V1_2_1 §6.2, §7.3, §8).
 */
import { isSuccess } from '../../syncml/codes.ts';
import type { Command, Draft, Results, Status } from '../../syncml/message.ts';
import { childUri, isWithin, ROOT } from '../../tree/uri.ts';
import { ReadingAbilities, type ReadProperty, type TreeList } from '../reading-abilities.ts';
import { listReadings, type TreeSink, takeRefusal, takeResults } from '../readings.ts';
import { type DeviceJob, getOf, targetOf } from './job.ts';
import { ListedNodes } from './listed-nodes.ts';
import type { Progress } from './progress.ts';

/** What one Get asks for. */
type Step =
  | { readonly ask: 'node'; readonly uri: string }
  /** The nodes below one whose children are known to have these names. */
  | { readonly ask: 'list'; readonly uri: string; readonly list: TreeList; readonly names: readonly string[] }
  /** All names below a node of which a list told these. */
  | { readonly ask: 'names'; readonly uri: string; readonly listed: readonly string[] }
  /** Properties of all nodes of a part. */
  | { readonly ask: 'properties'; readonly uri: string }
  | { readonly ask: 'property'; readonly uri: string; readonly property: ReadProperty };
type ListStep = Extract<Step, { ask: 'list' }>;

interface Asked {
  readonly step: Step;
  readonly nodes: ListedNodes;
  code?: number;
  answered?: true;
}

/** The first that the device knows. */
const LISTS: readonly TreeList[] = ['StructData', 'TNDS'];
const PROPERTIES: readonly ReadProperty[] = ['ACL', 'Title', 'TStamp', 'VerNo'];
/** Nodes of which properties are read one by one; of more only those of the first. */
const FEW_NODES = 16;
/** Interior nodes of a list that are asked what the list left out. */
const FEW_INNER = 48;
/** Instead of a status: no message could hold the Get. */
const UNSENT = 0;

export class ReadSubtree implements DeviceJob {
  readonly #uris: ReadonlySet<string>;
  readonly #sink: TreeSink;
  readonly #abilities: ReadingAbilities;
  readonly #progress: Progress | undefined;
  #steps: Step[];
  /** Whose properties are read when all values are. */
  readonly #parts = new Set<string>();
  readonly #read = new Set<string>();
  readonly #interior = new Set<string>();
  /** By target of the Get. */
  #asked = new Map<string, Asked>();

  /** @param uris of one node or several, none below another */
  constructor(
    uris: string | readonly string[],
    sink: TreeSink,
    abilities = new ReadingAbilities(),
    progress?: Progress,
  ) {
    this.#uris = new Set(typeof uris === 'string' ? [uris] : uris);
    this.#sink = sink;
    this.#abilities = abilities;
    this.#progress = progress;
    this.#steps = [...this.#uris].map(uri => ({ ask: 'node', uri }));
  }

  get done(): boolean {
    return this.#steps.length === 0 && [...this.#asked.values()].every(isSettled) && this.#propertySteps().length === 0;
  }

  next(limit: number): readonly Draft[] {
    for (const asked of this.#asked.values()) this.#conclude(asked);
    if (this.#steps.length === 0) {
      this.#steps = this.#propertySteps();
      this.#parts.clear();
    }
    const steps = this.#steps.splice(0, limit);
    this.#asked = new Map(steps.map(step => [target(step), { step, nodes: new ListedNodes(step.uri) }]));
    const targets = steps.map(target);
    this.#progress?.askFor(targets);
    return targets.map(getOf);
  }

  onStatus(command: Command, status: Status): void {
    const uri = targetOf(command);
    const asked = this.#asked.get(uri);
    if (!asked) return;
    const { step } = asked;
    asked.code = status.code;
    this.#progress?.takeRead(uri, status);
    if (step.ask === 'node') takeRefusal(uri, status.code, this.#sink);
    this.#learn(step, status.code);
  }

  onResults(command: Command, results: Results): void {
    const asked = this.#asked.get(targetOf(command));
    if (!asked) return;
    const { step } = asked;
    asked.answered = true;
    if (step.ask === 'list') this.#takeListed(asked.nodes, results);
    else takeResults(results, this.#sink, (_uri, names) => this.#takeNames(step, names));
    if (step.ask === 'node') this.#takeNode(step.uri);
  }

  onUnsent(draft: Draft): void {
    const asked = this.#asked.get(targetOf(draft));
    if (asked) asked.code = UNSENT;
  }

  /** What is known to be there and was not read is shown as such. */
  brokenOff(): void {
    const waiting = [...[...this.#asked.values()].map(({ step }) => step), ...this.#steps];
    const nodes = waiting.flatMap(step => {
      if (step.ask === 'node') return [step.uri];
      return step.ask === 'list' ? step.names.map(name => childUri(step.uri, name)) : [];
    });
    if (nodes.length > 0) this.#sink.unread(nodes, 'the session ended before it was read');
  }

  #takeNode(uri: string): void {
    this.#read.add(uri);
    if (uri === ROOT) return;
    const isPart = this.#uris.has(ROOT) ? !uri.slice(2).includes('/') : this.#uris.has(uri);
    if (isPart) this.#parts.add(uri);
  }

  #takeListed(nodes: ListedNodes, results: Results): void {
    const readings = nodes.add(listReadings(results));
    this.#sink.readings(readings);
    for (const { uri } of readings) this.#read.add(uri);
  }

  /** A leaf may refuse a list because it is a leaf. */
  #learn(step: Step, code: number): void {
    if (step.ask === 'list') this.#abilities.learn(step.list, code);
    if (step.ask === 'properties' && (isSuccess(code) || this.#interior.has(step.uri)))
      this.#abilities.learn('TNDS', code);
    if (step.ask === 'property') this.#abilities.learn(step.property, code);
  }

  #takeNames(step: Step, names: readonly string[]): void {
    this.#interior.add(step.uri);
    if (step.ask === 'names') this.#then(nodeSteps(step.uri, without(names, step.listed)));
    else if (names.length > 0) this.#then(this.#below(step.uri, names));
  }

  /** A node may have more children than a call may have arguments. */
  #then(steps: readonly Step[]): void {
    for (const step of steps) this.#steps.push(step);
  }

  #below(uri: string, names: readonly string[], lists = LISTS): Step[] {
    const list = lists.find(one => this.#abilities.mayAsk(one));
    // The root is read part by part: all in one is more than many devices can hold.
    return list === undefined || uri === ROOT ? nodeSteps(uri, names) : [{ ask: 'list', uri, list, names }];
  }

  /** What is left to do once the device had its chance to answer. */
  #conclude({ step, code, answered, nodes }: Asked): void {
    if (step.ask === 'list') this.#concludeList(step, code, nodes);
    if (step.ask === 'names' && !answered) this.#sink.children(step.uri, step.listed);
    if (step.ask === 'node' && !answered && !code)
      this.#sink.unread([step.uri], code === UNSENT ? 'no message could ask for it' : 'the device did not answer');
  }

  #concludeList({ uri, list, names }: ListStep, code: number | undefined, nodes: ListedNodes): void {
    if (!code || !isSuccess(code) || nodes.size === 0) {
      // A device that refuses one list may know the other; else its nodes come one by one.
      this.#then(this.#below(uri, names, LISTS.slice(LISTS.indexOf(list) + 1)));
      return;
    }
    if (list === 'TNDS') this.#parts.delete(uri);
    // A list leaves out what the server may not read; asked for by itself the device says so.
    this.#then(nodeSteps(uri, without(names, nodes.childrenOf(uri))));
    const inner = nodes.inner();
    for (const parent of inner) {
      const listed = nodes.childrenOf(parent);
      if (inner.length > FEW_INNER) this.#sink.children(parent, listed);
      else this.#steps.push({ ask: 'names', uri: parent, listed });
    }
  }

  #propertySteps(): Step[] {
    const parts = [...this.#parts];
    if (this.#abilities.mayAsk('TNDS')) return parts.map(uri => ({ ask: 'properties', uri }));
    const properties = PROPERTIES.filter(property => this.#abilities.mayAsk(property));
    return parts
      .flatMap(part => this.#fewNodes(part))
      .flatMap(uri => properties.map((property): Step => ({ ask: 'property', uri, property })));
  }

  #fewNodes(part: string): string[] {
    const nodes = [...this.#read].filter(uri => isWithin(uri, part));
    return nodes.length > FEW_NODES ? [part] : nodes;
  }
}

/** Nothing follows from it any more. */
function isSettled({ step, code, answered }: Asked): boolean {
  if (code === undefined || step.ask === 'list') return false;
  return step.ask !== 'names' || answered === true;
}

function nodeSteps(parent: string, names: readonly string[]): Step[] {
  return names.map(name => ({ ask: 'node', uri: childUri(parent, name) }));
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const left = new Set(others);
  return names.filter(name => !left.has(name));
}

function target(step: Step): string {
  switch (step.ask) {
    case 'node':
    case 'names':
      return step.uri;
    case 'list':
      return `${step.uri}?list=${step.list}`;
    case 'properties':
      return `${step.uri}?list=TNDS`;
    case 'property':
      return `${step.uri}?prop=${step.property}`;
  }
}
