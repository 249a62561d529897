import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LeftOutReporter } from './test/left-out.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    // Two cores and a real solver: files side by side would measure each other.
    maxWorkers: 2,
    // Real processes and servers on machines that others load as well: what fails must fail twice to count.
    retry: process.env.CI ? 1 : 0,
    pool: 'forks',
    reporters: ['default', new LeftOutReporter()],
  },
  resolve: {
    // Tests of processes use the package as its users do: built, by its name.
    alias: [
      { find: /^astro-jobs$/, replacement: fileURLToPath(new URL('./dist/index.js', import.meta.url)) },
    ],
  },
});
