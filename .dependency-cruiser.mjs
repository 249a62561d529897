import { LAYERS } from './scripts/layers.mjs';

const pattern = (names) => `^src/(${names.map((name) => name.replace('.', '\\.')).join('|')})(/|$)`;

const upward = LAYERS.map((names, level) => ({
  name: `upward-import-from-${names[0].replace('.ts', '')}`,
  comment: 'An import may only point to a lower layer: see scripts/layers.mjs and docs/architecture.md.',
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
      comment: 'A new folder or file of src/ must be given its place in scripts/layers.mjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: pattern(LAYERS.flat()) },
      to: {},
    },
    ...upward,
    {
      name: 'runs-in-browsers',
      comment: 'These run in a browser: they, and what they import, may import no module of Node.',
      severity: 'error',
      from: { path: '^src/(http/page|browser|engine|stars)/' },
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
