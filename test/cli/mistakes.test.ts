import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { MISTAKES } from './mistakes-table.js';
import { useCli } from './process.js';
import { writeImage } from './scripted.js';

const cli = useCli();
beforeEach(async () => {
  await writeImage(join(cli.dir, 'M42.jpg'), 'jpeg');
});

describe('a mistake is answered in the words of the command line, once', () => {
  it.each(MISTAKES)('%s', async (typed, answer) => {
    const ended = await cli.run(typed.split(' '));
    expect(ended.stderr.slice(0, answer.length)).toBe(answer);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('Usage: astro-jobs');
    const [flag] = /--[a-z-]+/.exec(ended.stderr.split('\n')[0] ?? '') ?? [];
    if (flag !== undefined)
      expect(ended.stderr.split('\n')[0]?.split(`${flag} `).length).toBeLessThanOrEqual(2);
  });
});
