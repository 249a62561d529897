/*
 * What dist/ consists of. Loading a module costs Node some 0.7 ms, and the package has four hundred: what is loaded together is one file.
 */
import { join } from 'node:path';

/** Optional peers, machine code, and a script that is no module: left to npm by everything. */
const LEFT_TO_NPM =
  /^(sharp|fitsjs|pg|bullmq|ioredis|libheif-js|@jsquash\/jxl|@modelcontextprotocol\/server|@opentelemetry\/api)(\/|$)/;
/** WebAssembly of satellite.js, half a megabyte, which only functions load that nothing calls. */
const NOT_CALLED = /^#wasm-/;
/** A dependency rather than a file of ours; what the compiler adds for an older Node is ours. `tinyglobby` and what it brings are taken along. */
const BARE = /^(?!\0|@oxc-project\/|(?:tinyglobby|fdir|picomatch)$)[^./]/;

const node = { platform: 'node', transform: { target: 'node20.19' } };
const browser = { platform: 'browser', transform: { target: 'es2022' } };

/**
 * A program takes its dependencies along, which costs it fewer files to open; the library leaves them to npm, so that a host has
 * each of them once.
 * @param {string} src the folder of the sources
 * @param {readonly string[]} exported the modules that package.json exports, below src/
 */
export function bundles(src, exported) {
  const forBrowsers = (name) => name.startsWith('browser/');
  return [
    {
      name: 'library',
      entries: exported.filter((name) => !forBrowsers(name)),
      external: [BARE],
      chunks: 'chunks',
      groups: [
        { name: 'wcs', of: ['wcs/index'] },
        { name: 'engine', of: ['engine/index'] },
        { name: 'client', of: ['client/index'] },
        { name: 'jobs', of: ['index'] },
        { name: 'solving', of: SOLVING },
        { name: 'other-solvers', of: PROGRAMS },
        { name: 'reading', of: READING },
      ],
      options: node,
    },
    {
      name: 'programs',
      entries: ['cli/main', 'drop-in/solve-field', 'drop-in/astap', 'runner-process'],
      external: [LEFT_TO_NPM, NOT_CALLED],
      chunks: 'cli/chunks',
      groups: [
        { name: 'start', of: START },
        { name: 'command', of: ['cli/program'] },
        { name: 'jobs', of: ['cli/open', 'astro-jobs', 'queue/runner-lock'] },
        { name: 'solving', of: SOLVING },
        { name: 'other-solvers', of: PROGRAMS },
        { name: 'reading', of: READING },
      ],
      // Each module where its group is. Nobody imports a program, so it may export what its chunks need of it.
      splitting: { includeDependenciesRecursively: false },
      options: { ...node, preserveEntrySignatures: 'allow-extension' },
    },
    ...ALONE.map((entry) => ({
      name: entry,
      entries: [entry],
      external: [LEFT_TO_NPM, NOT_CALLED],
      options: node,
    })),
    {
      name: 'browser',
      entries: [...exported.filter(forBrowsers), 'browser/worker'],
      external: [],
      // Its files name the stars and the worker relative to themselves.
      chunks: 'browser',
      options: browser,
    },
    { name: 'page', entries: ['http/page/main'], external: [], options: browser, minify: true },
  ].map((bundle) => ({ ...bundle, input: inputOf(src, bundle.entries) }));
}

/** Threads and children: each one file, which starts soonest. */
const ALONE = [
  'solver/builtin/search-thread',
  'solver/builtin/prepare-thread',
  'decoding/child/decoder-process',
  'decoding/child/guard-thread',
  'store/file-system/look-thread',
];

/** What a command begins with, before the rest of it is loaded. */
const START = [
  'decoding/child/this-process',
  'defaults',
  'process/file-size-limit',
  'cli/failure',
  'cli/interrupt',
  'cli/print',
];

/** What every image passes through, whatever its kind. */
const SOLVING = ['analysis/analyze', 'solver/auto', 'solver/builtin/builtin-solver'];

/** What runs other programs. */
const PROGRAMS = ['solver/solve-field/solve-field', 'solver/external/external-script'];

/** What reads images: in a process of its own, unless a host wants it otherwise. */
const READING = ['decoding/reading', 'image/measure'];

function inputOf(src, entries) {
  return Object.fromEntries(entries.map((name) => [name, join(src, `${name}.ts`)]));
}

/**
 * Puts each module into the chunk of the first group that needs it from the start; what is loaded later stays apart. A program with a
 * top-level await may be in no group: a chunk that is loaded meanwhile would wait for it for ever.
 * @param {string} src
 * @param {readonly { name: string, of: readonly string[] }[]} groups
 */
export function groupsOf(src, groups) {
  let chunks;
  const chunkOf = (id, getModuleInfo) => {
    if (!chunks) {
      chunks = new Map();
      for (const { name, of } of groups)
        for (const module of of) reach(join(src, `${module}.ts`), name, chunks, getModuleInfo);
    }
    return chunks.get(id) ?? null;
  };
  return [
    { debugName: 'groups', name: (id, context) => chunkOf(id, (other) => context.getModuleInfo(other)) },
  ];
}

function reach(id, name, chunks, getModuleInfo) {
  const info = getModuleInfo(id);
  if (!info || chunks.has(id)) return;
  chunks.set(id, name);
  for (const imported of info.importedIds) reach(imported, name, chunks, getModuleInfo);
}
