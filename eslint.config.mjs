import { parser, plugin } from 'typescript-eslint';

/** Two rules that need the types of every module, which Biome does not read whole; everything else is Biome's. */
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
    },
  },
  {
    // In a browser a rejection that nothing handles ends no process: there `void` may say that nothing waits.
    files: ['src/http/page/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }] },
  },
];
