import { fileURLToPath } from 'node:url';

/** The file that a child process runs. It is found beside this one, also where the package is bundled. */
export const ENTRY = fileURLToPath(new URL('./decoder-process.js', import.meta.url));
