import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeImage } from '../cli/scripted.js';
import { describeWith } from '../needs.js';
import { type Pairs, startPairs } from './pairs.js';
import { runShortCommands } from './short-commands.js';

describeWith(['postgres', 'redis'], 'short commands', () => {
  let all: Pairs;
  let image: string;
  beforeAll(async () => {
    all = await startPairs();
    image = await writeImage(join(all.dir, 'sky.png'));
  });
  afterAll(async () => {
    await all?.[Symbol.asyncDispose]();
  });

  // The full form with times is `bench/termination/short-commands.ts`.
  for (const index of [0, 1, 2, 3, 4]) {
    it(`answer as documented and end by themselves, on pair ${index + 1} of 5`, {
      timeout: 300_000,
    }, async () => {
      const pair = all.pairs[index];
      if (!pair) throw new Error('There are five pairs');
      const runs = await runShortCommands(pair, { count: 11, image, cwd: all.dir });
      expect(runs.filter(({ ok }) => !ok)).toEqual([]);
    });
  }
});
