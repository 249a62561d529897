/** Options that no constructor takes, and what each of them is; the messages are in docs/errors.md. */
export const WRONG_OPTIONS: readonly (readonly [code: string, options: object])[] = [
  ['{ concurrency: 0 }', { concurrency: 0 }],
  ['{ concurrency: -2 }', { concurrency: -2 }],
  ['{ concurency: 1 }', { concurency: 1 }],
  ['{ leaseSeconds: -1 }', { leaseSeconds: -1 }],
  ['{ maxAttempts: 1.5 }', { maxAttempts: 1.5 }],
  ['{ logger: {} }', { logger: {} }],
  ['{ store: {} }', { store: {} }],
  ["{ queue: 'redis' }", { queue: 'redis' }],
  ['{ solver: {} }', { solver: {} }],
  ["{ isolation: 'thread' }", { isolation: 'thread' }],
  ['{ limits: { maxJob: 3 } }', { limits: { maxJob: 3 } }],
  ["{ limits: { maxBytes: '1 GB' } }", { limits: { maxBytes: '1 GB' } }],
  ['{ memory: true }', { memory: true }],
  ["{ dir: '' }", { dir: '' }],
  ["{ indexDirs: '/data' }", { indexDirs: '/data' }],
];
