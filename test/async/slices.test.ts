import { expect, it } from 'vitest';
import { atOnce, inSlices } from '../../src/async/slices.js';

function* busy(ms: number): Generator<undefined, string> {
  const end = performance.now() + ms;
  while (performance.now() < end) yield;
  return 'done';
}

it('work in slices ends with its value, and other work has its turns between', async () => {
  let turns = 0;
  const others = setInterval(() => {
    turns += 1;
  }, 1);
  expect(await inSlices(busy(100))).toBe('done');
  clearInterval(others);
  expect(turns).toBeGreaterThan(3);
});

it('a failure of work in slices is that of its promise', async () => {
  const failing = (function* (): Generator<undefined, never> {
    yield;
    throw new Error('broken');
  })();
  await expect(inSlices(failing)).rejects.toThrow('broken');
});

it('the same work in one go gives the same value', () => {
  expect(atOnce(busy(1))).toBe('done');
});
