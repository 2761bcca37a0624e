/** Snapshots of trees: taken from devices and files, compared with each other and with what a device is now, applied, exported. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { RequestError } from '../../base/errors.ts';
import type { Device } from '../../server/device.ts';
import type { SnapshotStore } from '../../store/contract.ts';
import { diffTrees, type TreeDiff } from '../../tree/diff/diff.ts';
import { type KnownNode, onlyWithin } from '../../tree/known.ts';
import type { TreeDocument } from '../../tree/tree-document.ts';
import { readTreeFile, TREE_FORMS, writeTreeFile } from '../../tree/tree-file.ts';
import { ROOT } from '../../tree/uri.ts';
import { Topic } from '../topic.ts';
import type { WorkService } from '../work-service.ts';
import { changesAt, diffView } from './diff-view.ts';
import { buildTree } from './patience.ts';
import { type Plan, planOf } from './plan.ts';
import { hideSecret, withoutSecrets } from './secrets.ts';
import type { SnapshotsService } from './service.ts';
import { SnapshotShelf } from './shelf.ts';
import type {
  ApplyRequest,
  ChangeView,
  CommandsView,
  DiffView,
  ExportRequest,
  SnapshotView,
  TreeFile,
  TreeSide,
} from './views.ts';

export interface SnapshotsOptions {
  readonly store: SnapshotStore;
  readonly device: (deviceId: string) => Pick<Device, 'record' | 'tree'> | undefined;
  readonly work: Pick<WorkService, 'preview' | 'send'>;
  readonly now: () => number;
  /** Bytes of a file, unpacked. Default 64 MiB. */
  readonly largestFile?: number;
}

const LARGEST_FILE = 64 * 1024 * 1024;
const unpack = promisify(gunzip);

export class SnapshotsRoom implements SnapshotsService {
  readonly #options: SnapshotsOptions;
  readonly #shelf: SnapshotShelf;
  readonly #changed = new Topic();

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    this.#shelf = new SnapshotShelf(options.store);
  }

  watch(signal: AbortSignal): AsyncIterable<readonly SnapshotView[]> {
    return this.#changed.states(() => this.#shelf.all(), signal);
  }

  async take(deviceId: string, name?: string, uri = ROOT): Promise<SnapshotView> {
    const { record } = this.#device(deviceId);
    const tree = onlyWithin(await this.#treeNow(deviceId), uri) ?? notThere(uri);
    const about = { takenAt: this.#options.now(), source: 'device', origin: deviceId } as const;
    return this.#put(tree, { ...about, name: name ?? (uri === ROOT ? record.name : `${record.name} ${uri}`) });
  }

  /** The device was read as a whole for the first time. */
  async takeFirst(deviceId: string): Promise<void> {
    await this.take(deviceId, `${this.#device(deviceId).record.name}, first read`);
  }

  async rename(key: string, name: string): Promise<void> {
    await this.#shelf.rename(key, name);
    this.#changed.emit();
  }

  async remove(key: string): Promise<void> {
    await this.#shelf.remove(key);
    this.#changed.emit();
  }

  async diff(from: TreeSide, to: TreeSide): Promise<DiffView> {
    const [before, after] = await this.#both(from, to);
    return diffView(diffTrees(before, after), before, after);
  }

  async changesAt(from: TreeSide, to: TreeSide, uri: string): Promise<readonly ChangeView[]> {
    return changesAt(await this.#compare(from, to), uri);
  }

  async commands(request: ApplyRequest): Promise<CommandsView> {
    const { commands, ...plan } = await this.#plan(request);
    const { work } = this.#options;
    const preview = await work.preview(request.deviceId, commands);
    const shown = commands.map(hideSecret);
    const hides = shown.some((command, i) => command !== commands[i]);
    const { xml } = hides ? await work.preview(request.deviceId, shown) : preview;
    return { ...plan, xml, wbxmlBytes: preview.wbxmlBytes, problems: preview.problems };
  }

  async apply(request: ApplyRequest, digest: string) {
    const { commands, ...plan } = await this.#plan(request);
    if (plan.digest !== digest) {
      throw new RequestError('changed', 'the trees changed since these commands were shown', {
        advice: 'Look at the commands as they are now, then send them',
      });
    }
    if (plan.count === 0) throw new RequestError('nothing', 'there is nothing to send');
    return this.#options.work.send(request.deviceId, commands);
  }

  async exportTree({ side, form, uri, properties, secrets }: ExportRequest): Promise<TreeFile> {
    const { tree, ...about } = await this.#document(side);
    const document = { ...about, tree: secrets ? tree : withoutSecrets(tree) };
    const chosen = properties && { properties: new Set(properties) };
    const bytes =
      writeTreeFile(document, { form, ...(uri !== undefined && { uri }), ...chosen }) ?? notThere(uri ?? ROOT);
    const { mediaType, extension } = TREE_FORMS[form];
    const names = [document.name ?? 'tree', ...(uri === undefined || uri === ROOT ? [] : uri.split('/').slice(1))];
    return { name: `${fileName(names)}.${extension}`, mediaType, base64: Buffer.from(bytes).toString('base64') };
  }

  async importTree(name: string, packed: string): Promise<SnapshotView> {
    const bytes = await unpackFile(packed, this.#options.largestFile ?? LARGEST_FILE);
    const { tree, name: called = name.replace(/(\.tree|\.tnds)?\.\w+$/, ''), takenAt } = readTreeFile(bytes);
    const about = { source: 'file', origin: name, takenAt: takenAt ?? this.#options.now() } as const;
    return this.#put(tree, { ...about, name: called || name });
  }

  async #put(tree: KnownNode, about: Parameters<SnapshotShelf['put']>[1]): Promise<SnapshotView> {
    const snapshot = await this.#shelf.put(tree, about);
    this.#changed.emit();
    return snapshot;
  }

  async #plan(request: ApplyRequest): Promise<Plan> {
    return planOf((await this.#compare(request.from, request.to)).changes, request);
  }

  async #compare(from: TreeSide, to: TreeSide): Promise<TreeDiff> {
    return diffTrees(...(await this.#both(from, to)));
  }

  #both(from: TreeSide, to: TreeSide): Promise<[KnownNode, KnownNode]> {
    return Promise.all([this.#tree(from), this.#tree(to)]);
  }

  async #tree(side: TreeSide): Promise<KnownNode> {
    return side.kind === 'snapshot' ? this.#shelf.tree(side.key) : this.#treeNow(side.deviceId);
  }

  async #document(side: TreeSide): Promise<TreeDocument> {
    if (side.kind === 'snapshot') return this.#shelf.document(side.key);
    const { deviceId } = side;
    const { record } = this.#device(deviceId);
    return { tree: await this.#treeNow(deviceId), name: record.name, takenAt: this.#options.now(), device: deviceId };
  }

  #device(deviceId: string): Pick<Device, 'record' | 'tree'> {
    const device = this.#options.device(deviceId);
    if (device) return device;
    throw new RequestError('unknown-device', `device ${deviceId} has never connected`, {
      advice: 'Bootstrap it and let it connect once; then its tree can be read',
    });
  }

  async #treeNow(deviceId: string): Promise<KnownNode> {
    const { tree } = this.#device(deviceId);
    if (tree.size > 0) return buildTree(tree.walk());
    throw new RequestError('nothing-read', 'nothing of this device was read yet', {
      advice: 'Read its tree first',
    });
  }
}

async function unpackFile(packed: string, most: number): Promise<Uint8Array> {
  try {
    return await unpack(Buffer.from(packed, 'base64'), { maxOutputLength: most });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RequestError('too-large', `the file has more than ${most / 1024 / 1024} MiB`, {
        advice: 'Export a part of the tree',
        cause,
      });
    }
    throw new RequestError('not-packed', 'the file did not arrive whole', { advice: 'Try again', cause });
  }
}

function notThere(uri: string): never {
  throw new RequestError('no-node', `${uri} is not in this tree`, { advice: 'Choose a node that is' });
}

/** What any file system takes. */
function fileName(parts: readonly string[]): string {
  return parts.map(part => part.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '')).join('-') || 'tree';
}
