import { expect, it } from 'vitest';
import { batchedLines } from '../../src/cli/batched-lines.js';

it('lines are written many at a time, in their order, and soon', async () => {
  const written: string[] = [];
  const write = batchedLines((text) => written.push(text));
  for (const line of ['a\n', 'b\n', 'c\n']) write(line);
  expect(written).toEqual([]);
  await expect.poll(() => written).toEqual(['a\nb\nc\n']);
  write('x'.repeat(70_000));
  expect(written).toHaveLength(2);
});
