/** Device descriptions for the page: which there are, what they say of a node, and what speaks against commands. */
import { RequestError } from '../../base/errors.ts';
import type { Descriptions, DeviceModel } from '../../tree/ddf/descriptions.ts';
import { MAX_DDF_BYTES } from '../../tree/ddf/markup.ts';
import { offersBelow } from '../../tree/ddf/offers.ts';
import type { PlannedCommand } from '../../tree/ddf/planned.ts';
import { problemsOf } from '../../tree/ddf/problems.ts';
import type { SeenTree } from '../../tree/ddf/seen-tree.ts';
import { skeletonOf } from '../../tree/ddf/skeleton.ts';
import { writeDdfXml } from '../../tree/ddf/write.ts';
import type { Reading } from '../../tree/device-tree.ts';
import { countKnown, findKnown, treeOf } from '../../tree/known.ts';
import { ROOT } from '../../tree/uri.ts';
import { Topic } from '../topic.ts';
import { descriptionView, fileView, offerView } from './as-views.ts';
import { DdfLibrary, entryOf } from './library.ts';
import { openShelf } from './shelf.ts';
import type { DdfDownload, DdfFileView, DescriptionView, OffersView, ProblemView } from './views.ts';

/** A device, as far as descriptions go. */
export interface DescribedDevice extends DeviceModel {
  readonly tree: SeenTree;
  readings(): Iterable<Reading>;
}

/** More make a document that nobody completes by hand. */
const MOST_NODES = 20_000;

/** What a file is worth before it is added anywhere. */
export function checkDdf(name: string, bytes: Uint8Array): DdfFileView {
  return fileView(entryOf({ name, bytes }, 'own'));
}

/** Lists and changes reject with StoreError where the person's own descriptions cannot be read. */
export class DdfRoom {
  readonly #library: DdfLibrary;
  readonly #device: (deviceId: string) => DescribedDevice | undefined;
  readonly #changed = new Topic();

  /** @param database own descriptions lie beside it */
  constructor(database: string, device: (deviceId: string) => DescribedDevice | undefined) {
    this.#library = new DdfLibrary(openShelf(database));
    this.#device = device;
  }

  watch(signal: AbortSignal): AsyncIterable<readonly DdfFileView[]> {
    this.#library.refresh();
    return this.#changed.states(() => this.list(), signal);
  }

  async list(): Promise<DdfFileView[]> {
    return (await this.#library.entries()).map(fileView);
  }

  /** @param content base64 of the file. @throws EncodingError with the byte that cannot be read */
  async add(name: string, content: string): Promise<DdfFileView> {
    const entry = await this.#library.add(name, Uint8Array.from(Buffer.from(content, 'base64')));
    this.#changed.emit();
    return fileView(entry);
  }

  async remove(id: string): Promise<void> {
    await this.#library.remove(id);
    this.#changed.emit();
  }

  /** As it is kept. */
  async file(id: string): Promise<DdfDownload> {
    const { name, bytes, unread, failure } = await this.#library.entry(id);
    if (unread !== undefined && failure) throw failure;
    return download(name, bytes);
  }

  /** Null where no description says anything of the node. */
  async describe(deviceId: string, uri: string): Promise<DescriptionView | null> {
    const { device, descriptions } = await this.#about(deviceId);
    const described = descriptions.locate(uri, device.tree);
    return described ? descriptionView(described, device.tree.get(uri)) : null;
  }

  async mayAdd(deviceId: string, uri: string): Promise<OffersView> {
    const { device, descriptions } = await this.#about(deviceId);
    const { described, open, offers, objects } = offersBelow(uri, device.tree, descriptions);
    return {
      described: described !== undefined,
      open,
      offers: offers.map(offerView),
      objects: objects.map(offerView),
    };
  }

  /** Commands are judged one after another, each as if those before had been done. */
  async problems(deviceId: string, commands: readonly PlannedCommand[]): Promise<ProblemView[]> {
    const { device, descriptions } = await this.#about(deviceId);
    return problemsOf(commands, device.tree, descriptions);
  }

  /** A description of what the device turned out to hold at and below a node. */
  async skeleton(deviceId: string, uri: string): Promise<DdfDownload> {
    const { device, descriptions } = await this.#about(deviceId);
    const node = findKnown(treeOf(device.readings()), uri);
    if (!node) {
      throw new RequestError('unknown-node', `${uri} was not read from the device`, {
        advice: 'Read the subtree first',
      });
    }
    const nodes = countKnown(node);
    if (nodes > MOST_NODES) {
      throw new RequestError(
        'too-many-nodes',
        `${uri} has ${nodes} nodes, a description is written of ${MOST_NODES} at most`,
        {
          advice: 'Choose a part of the tree',
        },
      );
    }
    const above = uri === ROOT ? undefined : uri.slice(0, uri.lastIndexOf('/'));
    const ddf = skeletonOf(node, above, { descriptions, tree: device.tree, model: device });
    const name = uri === ROOT ? (device.model ?? 'device') : node.name;
    const bytes = new TextEncoder().encode(writeDdfXml(ddf));
    if (bytes.length > MAX_DDF_BYTES) {
      throw new RequestError(
        'too-large',
        `the description of ${uri} would have ${bytes.length} bytes, one can be added again with ${MAX_DDF_BYTES} at most`,
        { advice: 'Choose a part of the tree' },
      );
    }
    return download(`${name.replace(/[^\w.-]+/g, '-')}.ddf.xml`, bytes);
  }

  async #about(deviceId: string): Promise<{ device: DescribedDevice; descriptions: Descriptions }> {
    const device = this.#device(deviceId);
    if (!device) throw new RequestError('unknown-device', `device ${deviceId} has never connected`);
    return { device, descriptions: await this.#library.describing(device) };
  }
}

function download(name: string, bytes: Uint8Array): DdfDownload {
  const mediaType = name.endsWith('.wbxml') ? 'application/octet-stream' : 'text/xml';
  return { name, mediaType, base64: Buffer.from(bytes).toString('base64') };
}
