import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCli } from './process.js';
import { writeImage } from './scripted.js';

const cli = useCli();
let image: string;
beforeEach(async () => {
  image = await writeImage(join(cli.dir, 'sky.png'));
});

/** What a user typed, and what the program answers. */
const MISTAKES: readonly [typed: string, answer: RegExp][] = [
  ['sovle IMAGE', /^error: unknown command 'sovle'\n\(Did you mean solve\?\)/],
  ['solve --imgae IMAGE', /^error: unknown option '--imgae'\n\(Did you mean --image\?\)/],
  ['status --jobid 1f0c', /^error: unknown option '--jobid'\n\(Did you mean --job-id\?\)/],
  ['prune --older 30d', /^error: unknown option '--older'/],
  ['solve', /^error: an image is missing: name one, such as M42\.jpg, or give --image <path>/],
  ['status', /^error: a job is missing: name one by its id or by how it begins/],
  ['prune', /^error: how old is missing: --older-than <duration>, such as 30d/],
  [
    'prune --older-than 30',
    /'--older-than <duration>' argument '30' is invalid\. Expected a duration with its unit/,
  ],
  ['solve IMAGE --ra 25:10:00', /^error: Expected --ra to be degrees from 0 to 360/],
  [
    'solve IMAGE --ra 5:75',
    /'--ra <deg\|h:m:s>' argument '5:75' is invalid\. Expected degrees, or hours such as 05:35:17/,
  ],
  ['solve IMAGE --dec north', /'--dec <deg\|d:m:s>' argument 'north' is invalid\. Expected degrees, also as/],
  ['solve IMAGE --ra 83.8 --dec 5', /^error: Expected --radius to be together with ra and dec/],
  [
    'solve IMAGE --timeout 5min',
    /'--timeout <duration>' argument '5min' is invalid\. Expected a duration such as/,
  ],
  [
    'solve IMAGE --scale-low 3 --scale-high 1',
    /Expected --scale-low to be at most --scale-high \(1\), got `3`/,
  ],
  [
    'solve IMAGE --scale-units arcmin',
    /'--scale-units <unit>' argument 'arcmin' is invalid\. Expected one of/,
  ],
  ['solve IMAGE --solver Magic', /Expected --solver to be a name of lower-case letters/],
  ['list --state running', /Expected one or more of queued, processing, done, error/],
  ['status 1f0c 77d2', /^error: too many arguments for 'status'/],
];

describe('a mistake is answered in the words of the command line, once', () => {
  it.each(MISTAKES)('%s', async (typed, answer) => {
    const ended = await cli.run(typed.split(' ').map((word) => (word === 'IMAGE' ? image : word)));
    expect(ended.stderr).toMatch(answer);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('Usage: astro-jobs');
    const [flag] = /--[a-z-]+/.exec(ended.stderr.split('\n')[0] ?? '') ?? [];
    if (flag !== undefined)
      expect(ended.stderr.split('\n')[0]?.split(`${flag} `).length).toBeLessThanOrEqual(2);
  });
});
