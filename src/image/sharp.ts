import { createRequire } from 'node:module';

/** sharp in its CommonJS form, which is loaded in half the time of the other: a process that reads one image feels it. */
const sharp = createRequire(import.meta.url)('sharp') as typeof import('sharp').default;

export default sharp;
