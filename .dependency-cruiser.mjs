/**
 * The floors of the house (ARCHITECTURE.md): a folder may import from folders below it in this list, never from above.
 * Each rule says why it exists.
 */
const floors = [
  'cli',
  'workbench',
  'delegation',
  'server',
  'handset',
  'card',
  'notification',
  'bootstrap',
  'virtual',
  'session',
  'objects',
  'tree',
  'syncml',
  'encoding',
  'store',
  'base',
];

const upward = floors.slice(1).map((floor, i) => ({
  name: `${floor}-knows-only-lower-floors`,
  comment: `${floor}/ must stay usable without what is built on top of it (ARCHITECTURE.md, Folders)`,
  severity: 'error',
  from: { path: `^src-core/${floor}/` },
  to: { path: `^src-core/(${floors.slice(0, i + 1).join('|')})/` },
}));

export default {
  forbidden: [
    ...upward,
    {
      name: 'encoding-does-not-know-store',
      comment: 'both are ground floor: codecs stay free of persistence',
      severity: 'error',
      from: { path: '^src-core/encoding/' },
      to: { path: '^src-core/store/' },
    },
    {
      name: 'core-has-no-host',
      comment: 'the core is one program in every host: no Electron, no React, no page code',
      severity: 'error',
      from: { path: '^src-core/' },
      to: { path: ['^electron/', '^renderer/', 'node_modules/(electron|react|react-dom|@mantine)/'] },
    },
    {
      name: 'page-imports-only-types-of-the-core',
      comment: 'the page runs sandboxed without Node: it may know the shape of the API, never its code',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^src-core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'page-knows-the-workbench-only',
      comment: 'the API router is the one door between page and core',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(src-core/(?!workbench/)|electron/)' },
    },
    {
      name: 'shell-has-no-domain-logic',
      comment: 'electron/ forks the core and opens the window; it may know only the messages between host and core',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(renderer/|src-core/(?!workbench/host-protocol))' },
    },
    {
      name: 'pure-floors-do-no-io',
      comment:
        'codecs, sessions, tree and plans are replayable: files, sockets, processes and timers come in from outside',
      severity: 'error',
      from: { path: '^src-core/(encoding|syncml|tree|objects|session|bootstrap|base)/' },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|timers|timers/promises|os|dgram|tls)$' },
    },
    {
      name: 'no-cycles',
      comment: 'a cycle means that two ideas share a file',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(dist|release)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
