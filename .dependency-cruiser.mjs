/**
 * The modules of `src/`, lowest first. A module may import those that stand before it and nothing else of `src/`;
 * `docs/architecture.md` says what each is for.
 */
const LAYERS = [
  ['defaults.ts'],
  ['job'],
  ['process'],
  ['fits'],
  ['wcs'],
  ['image'],
  ['stars'],
  ['capture'],
  ['catalog'],
  ['engine'],
  ['store'],
  ['solver'],
  ['annotate'],
  ['export'],
  ['analysis'],
  ['worker'],
  ['queue'],
  ['jobs'],
  ['wiring.ts'],
  ['analyze.ts', 'astro-jobs.ts', 'astro-job-worker.ts'],
  ['index.ts', 'testing.ts', 'runner-process.ts'],
  ['client'],
  ['http'],
  ['cli'],
];

const pattern = (names) => `^src/(${names.map((name) => name.replace('.', '\\.')).join('|')})(/|$)`;

const upward = LAYERS.map((names, level) => ({
  name: `upward-import-from-${names[0].replace('.ts', '')}`,
  comment:
    'An import may only point to a lower layer: see LAYERS in .dependency-cruiser.mjs and docs/architecture.md.',
  severity: 'error',
  from: { path: pattern(names) },
  to: { path: pattern(LAYERS.slice(level + 1).flat()) },
})).slice(0, -1);

export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Two files that import each other cannot be read, tested or moved apart.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'unknown-module',
      comment: 'A new folder or file of src/ must be given its place in LAYERS.',
      severity: 'error',
      from: { path: '^src/', pathNot: pattern(LAYERS.flat()) },
      to: {},
    },
    ...upward,
    {
      name: 'page-is-for-browsers',
      comment: 'The page runs in a browser: it may import only what is free of node: modules.',
      severity: 'error',
      from: { path: '^src/(http/page|engine)/' },
      to: { path: '^(node:|fs|path|os|child_process)', reachable: true },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|examples)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mts', '.mjs', '.js'] },
  },
};
