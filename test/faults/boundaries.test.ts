import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AstroJobs } from 'astro-jobs';
import { describe, expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { nowSeconds } from '../../src/job/status.js';
import { failed, retried } from '../../src/job/transitions.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { newStatus, withFolder } from '../worker/scripted.js';

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('an image');
}

const RESULT = { ok: false, error: 'no', error_code: 'no_solution', filename: 'sky.jpg' } as const;

/** A jobs directory with two jobs, and beside it a folder that must not be touched. */
async function withTreasure(
  use: (place: {
    store: FileSystemJobStore;
    dir: string;
    /** The job in whose folder things are planted. */
    id: string;
    /** Another one, which must never suffer. */
    other: string;
    treasure: string;
  }) => Promise<void>,
): Promise<void> {
  await withFolder(async (parent) => {
    const dir = join(parent, 'jobs');
    const treasure = join(parent, 'treasure');
    await mkdir(treasure);
    await writeFile(join(treasure, 'result.json'), '{"ok": true, "secret": 1}');
    await writeFile(join(treasure, 'status.json'), '{"secret": 1}');
    const store = new FileSystemJobStore({ dir });
    const [id, other] = [newStatus(), newStatus()];
    for (const status of [id, other]) await store.create(status, bytes());
    await use({ store, dir, id: id.job_id, other: other.job_id, treasure });
    expect(readdirSync(treasure).sort()).toEqual(['result.json', 'status.json']);
    expect(readFileSync(join(treasure, 'status.json'), 'utf8')).toBe('{"secret": 1}');
    expect((await store.list()).jobs.map(({ job_id }) => job_id)).toContain(other.job_id);
  });
}

async function plant(path: string, target: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await symlink(target, path);
}

describe('a symbolic link planted in the jobs directory', () => {
  it('in the place of a job is no job', () =>
    withTreasure(async ({ store, dir, treasure }) => {
      const id = newJobId();
      await plant(join(dir, id), treasure);
      expect(await store.get(id)).toBeUndefined();
      expect(await store.image(id)).toBeUndefined();
      await expect(store.create(newStatus({ job_id: id }), bytes())).rejects.toMatchObject({
        code: 'storage_failed',
      });
      await store.appendLog(id, 'x');
      await store.sweep(0);
    }));

  it('in the place of status.json is reported, never followed, and can be removed', () =>
    withTreasure(async ({ store, dir, id, treasure }) => {
      await plant(join(dir, id, 'status.json'), join(treasure, 'status.json'));
      await expect(store.get(id)).rejects.toMatchObject({ code: 'corrupt_document' });
      const { damaged } = await store.list();
      expect(damaged).toEqual([{ job_id: id, problem: expect.stringContaining('no regular file') }]);
      expect(await store.remove(id)).toBe(true);
    }));

  it('in the place of output/ lets nothing in and nothing out', () =>
    withTreasure(async ({ store, dir, id, treasure }) => {
      await plant(join(dir, id, 'output'), treasure);
      expect(await store.result(id)).toBeUndefined();
      expect(await store.files(id)).toEqual([]);
      const { status, revision } = (await store.get(id))!;
      const end = failed(status, 'no_solution', 'no', nowSeconds());
      expect(await store.replace(id, revision, end, { result: RESULT, files: {} })).toBeDefined();
      expect(await store.result(id)).toEqual(RESULT);
      // A retry empties the folder, and must not empty another.
      await plant(join(dir, id, 'output'), treasure);
      expect(await store.replace(id, revision + 1, retried(end, nowSeconds()))).toBeDefined();
      expect(await store.files(id)).toEqual([]);
    }));

  it('in the place of result.json is no result', () =>
    withTreasure(async ({ store, dir, id, treasure }) => {
      await symlink(join(treasure, 'result.json'), join(dir, id, 'output', 'result.json'));
      await expect(store.result(id)).rejects.toMatchObject({ code: 'corrupt_document' });
      expect(await store.files(id)).toEqual([]);
    }));

  it('in the place of the image, its folder or the log is not read and not written', () =>
    withTreasure(async ({ store, dir, id, other, treasure }) => {
      const image = (await store.image(id))!;
      await plant(join(dir, id, 'input', image.name), join(treasure, 'status.json'));
      expect(await store.image(id)).toBeUndefined();
      // Exchanged between looking and reading.
      await expect(image.read().toArray()).rejects.toMatchObject({ code: 'corrupt_document' });
      await plant(join(dir, id, 'input'), treasure);
      expect(await store.image(id)).toBeUndefined();
      await plant(join(dir, id, 'task.log'), join(treasure, 'status.json'));
      await expect(store.appendLog(id, 'x')).rejects.toMatchObject({ code: 'corrupt_document' });
      expect(await store.log(id)).toBeUndefined();
      expect(await (await store.image(other))?.read().toArray()).toEqual([Buffer.from('an image')]);
    }));

  it('in the place of the folder of the fixture is refused', () =>
    withFolder(async (parent) => {
      const [dir, treasure] = [join(parent, 'jobs'), join(parent, 'treasure')];
      for (const folder of [dir, treasure]) await mkdir(folder);
      await symlink(treasure, join(dir, '.astro-jobs'));
      const store = new FileSystemJobStore({ dir });
      await expect(store.create(newStatus(), bytes())).rejects.toMatchObject({ code: 'storage_failed' });
      expect(readdirSync(treasure)).toEqual([]);
    }));

  it('to the whole disk, in a folder without a status, is swept as a link', () =>
    withTreasure(async ({ store, dir }) => {
      const debris = newJobId();
      await mkdir(join(dir, debris));
      await symlink('/', join(dir, debris, 'input'));
      await store.sweep(3600);
      expect(existsSync(join(dir, debris))).toBe(true);
      await utimes(join(dir, debris), 1, 1);
      execFileSync('touch', ['-h', '-d', '@1', join(dir, debris, 'input')]);
      await store.sweep(3600);
      expect(existsSync(join(dir, debris))).toBe(false);
    }));
});

describe('a FIFO planted in the jobs directory', () => {
  it.each(['status.json', 'task.log', 'output/result.json'])('as %s stops no caller', (name) =>
    withTreasure(async ({ store, dir, id }) => {
      await rm(join(dir, id, name), { force: true });
      execFileSync('mkfifo', [join(dir, id, name)]);
      const refusal = { code: 'corrupt_document' };
      if (name === 'status.json') await expect(store.get(id)).rejects.toMatchObject(refusal);
      else if (name === 'task.log') await expect(store.appendLog(id, 'x')).rejects.toMatchObject(refusal);
      else await expect(store.result(id)).rejects.toMatchObject(refusal);
      expect((await store.list()).jobs.length).toBeGreaterThan(0);
      await store.sweep(0);
    }),
  );
});

describe('names', () => {
  const HOSTILE = [
    '../../etc/passwd',
    '/etc/passwd',
    '..',
    '-rf',
    '$(reboot)`x`;|&.jpg',
    '\u001b[2J\n.jpg',
    'a\0b',
    '\u202egpj.exe',
  ];

  it.each(HOSTILE)('of files stay in their folder: %j', (filename) =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const status = newStatus({ filename });
      await store.create(status, bytes());
      const [name, ...more] = readdirSync(join(dir, status.job_id, 'input'));
      expect(more).toEqual([]);
      expect(name).toMatch(/^[^-.\p{C}/\\$`;|&][^\p{C}/\\$`;|&]*$/u);
      expect(readdirSync(dir).sort()).toEqual(['.astro-jobs', status.job_id].sort());
    }),
  );

  it.each([...HOSTILE, '', 'A'.repeat(32), `${newJobId()}\n`, `../${newJobId()}`, {}, null])(
    'of jobs are ids or nothing: %j',
    (id) =>
      withFolder(async (dir) => {
        await using jobs = new AstroJobs({ dir });
        const refusal = { code: 'invalid_id' };
        const verbs = [
          'status',
          'result',
          'wait',
          'cancel',
          'retry',
          'remove',
          'log',
          'image',
          'files',
          'geometry',
        ] as const;
        for (const verb of verbs) await expect(jobs[verb](id as string)).rejects.toMatchObject(refusal);
        await expect(
          jobs.submit(Buffer.from('P5 1 1 255\nx'), {}, { jobId: id as string }),
        ).rejects.toMatchObject(refusal);
        expect(existsSync(join(dir, '..', 'etc'))).toBe(false);
      }),
  );

  it.each<object>([
    { scale_low: '1; reboot' },
    { scale_low: Number.NaN },
    { scale_high: Number.POSITIVE_INFINITY },
    { downsample: '--config=/etc/passwd' },
    { timeout: '$(reboot)' },
    { solver: '/bin/sh' },
    { __proto__: null, constructor: 1 },
    { '--help': true },
  ])('and values of parameters are those that are known: %j', (params) =>
    withFolder(async (dir) => {
      await using jobs = new AstroJobs({ dir });
      const image = Buffer.from('P5 1 1 255\nx');
      await expect(jobs.submit(image, params)).rejects.toMatchObject({ code: 'invalid_params' });
      expect(readdirSync(dir)).toEqual([]);
    }),
  );
});

describe('modes', () => {
  const modesIn = (dir: string, at = ''): [string, string][] => {
    const stat = lstatSync(join(dir, at));
    const own: [string, string] = [stat.isDirectory() ? 'folder' : 'file', (stat.mode & 0o777).toString(8)];
    if (!stat.isDirectory()) return [own];
    return [own, ...readdirSync(join(dir, at)).flatMap((name) => modesIn(dir, join(at, name)))];
  };

  it.each([
    ['private', ['file 600', 'folder 700']],
    ['group', ['file 660', 'folder 770']],
  ] as const)('are fit for a shared host, whatever the umask: %s', (access, expected) =>
    withFolder(async (parent) => {
      const umask = process.umask(0o027);
      try {
        const dir = join(parent, 'jobs');
        const store = new FileSystemJobStore({ dir, access });
        const { record } = await store.create(newStatus(), bytes());
        const id = record.status.job_id;
        await store.appendLog(id, 'x');
        const kept = join(parent, 'solution.wcs');
        await writeFile(kept, 'wcs', { mode: 0o644 });
        const end = failed(record.status, 'no_solution', 'no', nowSeconds());
        await store.replace(id, record.revision, end, { result: RESULT, files: { 'solution.wcs': kept } });
        await store.create(newStatus(), bytes());
        const found = new Set(modesIn(dir).map((mode) => mode.join(' ')));
        expect([...found].sort()).toEqual([...expected]);
      } finally {
        process.umask(umask);
      }
    }),
  );
});

it(
  'a result says nothing of the machine that it was made on',
  () =>
    withFolder(async (dir) => {
      await using jobs = new AstroJobs({ dir });
      const { job_id: id } = await jobs.submit('examples/orion.jpg', {
        solver: 'solve-field',
        scale_low: 5,
        scale_high: 60,
        timeout: 240,
      });
      const result = await jobs.wait(id);
      expect(result).toMatchObject({ ok: true });
      const [program, ...args] = result.solve!.command!;
      expect(program).toMatch(/solve-field$/);
      expect(args.length).toBeGreaterThan(5);
      expect(args.filter((argument) => argument.startsWith('/'))).toEqual([]);
      const { worker: _, ...status } = await jobs.status(id);
      for (const text of [JSON.stringify(result), JSON.stringify(status)]) {
        for (const secret of [tmpdir(), dir, process.cwd(), process.env.HOME ?? '/root', process.env.PATH!])
          expect(text).not.toContain(secret.replace(/\/$/, ''));
      }
      for (const { name } of await jobs.files(id)) {
        const text = readFileSync(join(dir, id, 'output', name), 'latin1');
        expect(text.includes(dir), name).toBe(false);
      }
    }),
  300_000,
);
