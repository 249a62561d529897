import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SolveParamsInput } from '../../src/job/param-table.js';
import { parseParams } from '../../src/job/params.js';
import { findExtractor } from '../../src/solver/external/find-extractor.js';
import { runExtractor } from '../../src/solver/external/run-extractor.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'extractor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function script(name: string, text: string, mode = 0o755): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

async function extract(bin: string, params: SolveParamsInput = {}, signal = new AbortController().signal) {
  let log = '';
  const outcome = await runExtractor({
    bin,
    imagePath: join(folder, 'image.jpg'),
    params: parseParams(params),
    scratch: folder,
    signal,
    log: (text) => {
      log += text;
    },
  }).then(
    (result) => ({ result, error: undefined }),
    (error: Error & { code?: string }) => ({ result: undefined, error }),
  );
  return { ...outcome, log };
}

const SOLVED = {
  ok: true,
  filename: 'image.jpg',
  capture: {},
  astrometry: {
    ra_center: 10.5,
    dec_center: 41.2,
    fov_deg: [1, 0.8],
    pixscale_arcsec: 2,
    orientation_deg: 3,
    objects: [],
  },
};

describe('the external extractor', () => {
  it('is called as documented, and its document is passed on as it is', async () => {
    const bin = await script(
      'good.sh',
      `#!/bin/sh\necho "called: $*" >&2\ncat <<'END'\n${JSON.stringify({ ...SOLVED, extra: 'kept' }, null, 2)}\nEND\n`,
    );
    const { result, log } = await extract(bin, { scale_low: 1, scale_high: 3, downsample: 4, timeout: 60 });
    expect(result).toEqual({ ...SOLVED, extra: 'kept' });
    const image = join(folder, 'image.jpg');
    expect(log).toContain(
      `called: --image ${image} --scale-low 1 --scale-high 3 --downsample 4 --timeout 60`,
    );
  });

  it('may say with exit status 2 that it did not solve', async () => {
    const bin = await script('unsolved.sh', `#!/bin/sh\necho '{"ok": false, "error": "no stars"}'\nexit 2\n`);
    expect((await extract(bin)).result).toMatchObject({
      ok: false,
      error: 'no stars',
      error_code: 'no_solution',
    });
  });

  it.each([
    ['no JSON', `echo 'Solving...'`, 'invalid_solver_output'],
    ['nothing', `true`, 'invalid_solver_output'],
    ['JSON that is no result', `echo '[1, 2]'`, 'invalid_solver_output'],
    ['half a document', `printf '{"ok": true, "astro'`, 'invalid_solver_output'],
    ['another exit status', `echo '{"ok": true}'; exit 1`, 'solver_crashed'],
    ['death by a signal', `kill -SEGV $$`, 'solver_crashed'],
  ])('fails clearly with %s', async (what, body, code) => {
    const bin = await script(`${what.replaceAll(' ', '-')}.sh`, `#!/bin/sh\n${body}\n`);
    expect((await extract(bin)).error).toMatchObject({ code });
  });

  it('goes through python3 when it is a .py without a run bit', async () => {
    const text = `import json, sys\nprint(json.dumps({"ok": False, "error": " ".join(sys.argv[1:2])}))\nsys.exit(2)\n`;
    const bin = await script('plain.py', text, 0o644);
    expect((await extract(bin)).result).toMatchObject({ ok: false, error: '--image' });
  });

  it('cannot be started when its interpreter is missing', async () => {
    const bin = await script('broken.sh', '#!/no/such/interpreter\n');
    expect((await extract(bin)).error).toMatchObject({ code: 'solver_unavailable' });
  });

  it('is ended when its time is over', async () => {
    const bin = await script(
      'hang.sh',
      `#!/bin/sh\ntrap '' TERM\necho started\nsleep 600 & wait; sleep 600\n`,
    );
    const stop = new AbortController();
    const reason = new Error('timeout');
    setTimeout(() => stop.abort(reason), 300);
    expect((await extract(bin, {}, stop.signal)).error).toBe(reason);
  });

  it('is told of the environment what programs need, and what ASTRO_EXTRACT_ENV names', async () => {
    const bin = await script('env', '#!/bin/sh\nenv\nexit 9\n');
    const before = { ...process.env };
    Object.assign(process.env, {
      ASTRO_JOBS_TOKEN: 'secret-of-the-server',
      PYTHONPATH: '/some/modules',
      CATALOG_DIR: '/some/catalog',
      ASTRO_EXTRACT_ENV: 'CATALOG_DIR, OTHER',
    });
    try {
      const { log } = await extract(bin);
      expect(log).toContain('PYTHONPATH=/some/modules');
      expect(log).toContain('CATALOG_DIR=/some/catalog');
      expect(log).toMatch(/^PATH=/m);
      expect(log).not.toContain('secret-of-the-server');
    } finally {
      for (const name of ['ASTRO_JOBS_TOKEN', 'PYTHONPATH', 'CATALOG_DIR', 'ASTRO_EXTRACT_ENV'])
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    }
  });

  it('is run once more when it was killed from outside, and not a third time', async () => {
    const answer = `cat <<'JSON'\n${JSON.stringify(SOLVED)}\nJSON\n`;
    const once = await script(
      'once',
      `#!/bin/sh\n[ -e killed ] || { touch killed; kill -KILL $$; }\n${answer}`,
    );
    await rm(join(folder, 'killed'), { force: true });
    expect((await extract(once)).result).toEqual(SOLVED);
    const always = await script('always', '#!/bin/sh\necho run >> runs\nkill -KILL $$\n');
    expect((await extract(always)).error).toMatchObject({ code: 'solver_crashed' });
    expect(await readFile(join(folder, 'runs'), 'utf8')).toBe('run\nrun\n');
  });

  it('is found, or it is said what to do', async () => {
    const plain = await script('not-runnable.sh', '#!/bin/sh\n', 0o644);
    expect(await findExtractor(join(folder, 'good.sh'))).toMatchObject({ available: true });
    expect(await findExtractor(join(folder, 'plain.py'))).toMatchObject({ available: true });
    expect(await findExtractor(plain)).toMatchObject({
      available: false,
      problem: expect.stringContaining('chmod'),
    });
    expect(await findExtractor(join(folder, 'missing'))).toMatchObject({
      available: false,
      problem: expect.stringContaining('ASTRO_EXTRACT_BIN'),
    });
    expect(await findExtractor(folder)).toMatchObject({ available: false });
  });
});
