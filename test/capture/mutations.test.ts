import { expect, it } from 'vitest';
import { tryMutations } from './mutations.js';

/** `node --import ./scripts/typescript.mjs bench/capture-mutations.ts` tries 100,000. */
const COUNT = Number(process.env.ASTRO_JOBS_MUTATIONS ?? 6000);

it(`${COUNT} mutated headers, EXIF blocks and containers give results that are valid`, async () => {
  const { problems } = await tryMutations(14, COUNT);
  expect(problems.slice(0, 5)).toEqual([]);
}, 600_000);
