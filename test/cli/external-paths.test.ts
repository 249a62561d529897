import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useCli } from './process.js';
import { EXTERNAL, writeImage } from './scripted.js';

const cli = useCli();

/** Solves, and tells of every folder that it can find out about. */
const TALKATIVE = `#!/bin/sh
places="$2 $(readlink -f "$2") $PWD $(pwd -P) $TMPDIR"
cat <<JSON
{"ok": true, "filename": "$2", "capture": {}, "places": "$places",
 "astrometry": {"ra_center": 1, "dec_center": 2, "fov_deg": [1, 1], "pixscale_arcsec": 2, "orientation_deg": 3, "objects": []}}
JSON
`;

it('what an external script says of the folders that it was run in is not in its result', async () => {
  const extractor = join(cli.dir, 'extractor');
  await writeFile(extractor, TALKATIVE, { mode: 0o755 });
  // A folder that is known by another name than its own, as /tmp and /srv may be.
  await mkdir(join(cli.dir, 'real'));
  await symlink('real', join(cli.dir, 'named'));
  const jobsDir = join(cli.dir, 'named', 'jobs');
  const env = { ASTRO_EXTRACT_BIN: extractor, JOBS_DIR: jobsDir };
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const { job_id } = await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, {
    env,
  });
  const ended = await cli.run(['wait', '--job-id', job_id], { env });
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true, places: expect.stringContaining('image.png') });
  expect(ended.stdout).not.toContain(cli.dir);
});
