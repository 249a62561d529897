/* `npm test`: installs what is missing, builds, and runs vitest with the arguments given. */
import { argv, execPath } from 'node:process';
import { must, say } from './setup/shell.mjs';
import { build, setup } from './setup.mjs';

await setup({ test: true });
await build();
say('Testing');
await must(execPath, ['node_modules/vitest/vitest.mjs', 'run', ...argv.slice(2)]);
