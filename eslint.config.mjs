import { parser, plugin } from 'typescript-eslint';

/** Two rules that need the types of every module, which Biome does not read whole, and what is ours to use in place of a global; everything else is Biome's. */
export default [
  {
    files: ['src/**/*.ts'],
    languageOptions: {
      parser,
      parserOptions: {
        project: ['./tsconfig.json', './src/http/page/tsconfig.json', './src/browser/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    plugins: { '@typescript-eslint': plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
      '@typescript-eslint/no-misused-promises': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'AbortSignal', property: 'any', message: 'It holds its sources weakly: use anySignal.' },
      ],
    },
  },
  { files: ['src/async/any-signal.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    // In a browser a rejection that nothing handles ends no process: there `void` may say that nothing waits.
    files: ['src/http/page/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }] },
  },
];
