/** Descriptions and trees to try things on, in few words. */
import type { NodeDescription } from '../../../src-core/tree/ddf/description.ts';
import { type DdfFile, Descriptions } from '../../../src-core/tree/ddf/descriptions.ts';
import type { SeenNode, SeenTree } from '../../../src-core/tree/ddf/seen-tree.ts';

export function group(
  name: string,
  children: readonly NodeDescription[],
  more: Partial<NodeDescription> = {},
): NodeDescription {
  return {
    name,
    access: ['Add', 'Delete', 'Get', 'Replace'],
    format: 'node',
    mimeTypes: [],
    occurrence: { least: 1, most: 1 },
    scope: 'Dynamic',
    children,
    ...more,
  };
}

export function value(name: string, more: Partial<NodeDescription> = {}): NodeDescription {
  return { ...group(name, []), format: 'chr', mimeTypes: ['text/plain'], ...more };
}

export function file(
  nodes: readonly NodeDescription[],
  more: Partial<DdfFile> & { manufacturer?: string } = {},
): DdfFile {
  const { manufacturer, ...rest } = more;
  return {
    id: 'own/test.xml',
    title: 'test',
    origin: 'own',
    ddf: { ...(manufacturer && { manufacturer }), nodes },
    ...rest,
  };
}

export const describing = (...nodes: readonly NodeDescription[]) =>
  new Descriptions([file(nodes, { manufacturer: 'M' })]);

/** By URI: a format, or the identifier of an object. */
export function tree(nodes: Readonly<Record<string, string>> = {}): SeenTree {
  return {
    get: (uri): SeenNode | undefined => {
      const what = nodes[uri];
      if (what === undefined) return undefined;
      return what.includes(':') ? { format: 'node', type: what } : { format: what };
    },
    children: uri =>
      Object.keys(nodes)
        .filter(each => each.startsWith(`${uri}/`))
        .map(each => each.slice(uri.length + 1))
        .filter(name => !name.includes('/')),
  };
}
