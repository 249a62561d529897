import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeExports } from '../../src/analysis/write-exports.js';
import { createClient } from '../../src/client/index.js';
import { wireReader } from '../../src/decoding/wire-reader.js';
import type { ExportRequestInput } from '../../src/export/export-request.js';
import { bytesOf } from '../../src/export/exported-file.js';
import { EXPORT_KINDS, FileSystemJobStore, type JobStatus } from '../../src/index.js';
import { useCli } from '../cli/process.js';
import { writeImage } from '../cli/scripted.js';
import { answerOf, smallPicture, testServer } from '../http/support.js';
import { SOLVED } from '../worker/scripted.js';

const cli = useCli();
const PNG = { format: 'png', width: 400, palette: 'color-blind', layers: ['grid'] } as const;

async function jobsInFolders() {
  const dir = await mkdtemp(join(tmpdir(), 'written-exports-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return testServer({}, { store: new FileSystemJobStore({ dir }) });
}

describe('exports that are asked for when an image is submitted', () => {
  it('are files of the job when it is done, named in its result, its status and its events', async () => {
    const { jobs } = await jobsInFolders();
    const done = new Promise<JobStatus>((resolve) => {
      jobs.once('done', resolve);
    });
    const exports: ExportRequestInput[] = ['ds9', PNG, 'rdls', 'thumbnail'];
    const { job_id, ...queued } = await jobs.submit(
      await smallPicture(),
      {},
      { filename: 'M42.png', exports },
    );
    expect(queued.exports).toEqual([{ format: 'ds9' }, PNG, { format: 'rdls' }, { format: 'thumbnail' }]);
    const result = await jobs.wait(job_id);
    const made = [
      { format: 'ds9', file: 'export.reg' },
      { ...PNG, file: 'export-annotated.png' },
      { format: 'rdls', error: { code: 'not_found', message: expect.any(String) } },
      { format: 'thumbnail', file: 'export-thumbnail.jpg' },
    ];
    expect(result).toMatchObject({ ok: true, exports: made });
    expect((await done).exports).toEqual(made);
    expect((await jobs.status(job_id)).exports).toEqual(made);
    expect((await jobs.log(job_id)).match(/The export rdls could not be made/g)).toHaveLength(1);

    const names = (await jobs.files(job_id)).map(({ name }) => name);
    for (const { file } of made) if (file !== undefined) expect(names).toContain(file);
    const written = async (name: string) => bytesOf(await jobs.file(job_id, name));
    expect(await written('export.reg')).toEqual(await bytesOf(await jobs.export(job_id, 'ds9')));
    const picture = await sharp(await written('export-annotated.png')).metadata();
    expect(picture).toMatchObject({ format: 'png', width: 400 });
  });

  it('are made by the run that solves it, after others that did not', async () => {
    const { jobs, solver } = await jobsInFolders();
    solver.behaviour = 'fail';
    const { job_id } = await jobs.submit(await smallPicture(), {}, { exports: ['ds9'] });
    expect(await jobs.wait(job_id)).not.toHaveProperty('exports');
    expect((await jobs.status(job_id)).exports).toEqual([{ format: 'ds9' }]);
    solver.behaviour = 'solve';
    await jobs.retry(job_id);
    expect(await jobs.wait(job_id)).toMatchObject({ exports: [{ format: 'ds9', file: 'export.reg' }] });
  });

  it('have names of their own, whatever the image is called', async () => {
    const { jobs } = await jobsInFolders();
    const exports = ['json', 'wcs'] as const;
    const { job_id } = await jobs.submit(await smallPicture(), {}, { filename: 'result.png', exports });
    const result = await jobs.wait(job_id);
    expect(result).toMatchObject({ exports: [{ file: 'export.json' }, { file: 'export.wcs' }] });
    expect(await jobs.result(job_id)).toEqual(result);
  });

  it('keep a worker that stops from ending the job, and one that is late from losing it', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'written-exports-'));
    onTestFinished(() => rm(scratch, { recursive: true, force: true }));
    const write = (signal: AbortSignal) =>
      writeExports(
        { result: SOLVED, files: {} },
        {
          ...{ path: join(scratch, 'none'), filename: 'sky.png', params: { extension: null } },
          ...{ reader: wireReader({ isolation: 'none' }), exports: [{ format: 'json' }], scratch, signal },
          log() {},
          onProgress() {},
        },
      );
    await expect(write(AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
    const { AstroJobsError } = await import('../../src/index.js');
    const late = AbortSignal.abort(new AstroJobsError('timeout', 'Not within 1 s'));
    const { result } = await write(late);
    expect(result).toMatchObject({ ok: true, exports: [{ format: 'json', error: { code: 'timeout' } }] });
    const { files } = await write(new AbortController().signal);
    expect(JSON.parse(await readFile(files['export.json'] as string, 'utf8'))).toEqual(SOLVED);
  });

  it.each([
    ['an unknown format', ['gif']],
    ['no list', 'ds9'],
    ['one format twice', ['ds9', { format: 'ds9' }]],
    ['an unknown option', [{ format: 'png', colour: 'red' }]],
    ['too many', [...EXPORT_KINDS]],
  ])('are refused before there is a job: %s', async (_, exports) => {
    const { jobs } = await testServer();
    await expect(jobs.submit(await smallPicture(), {}, { exports } as never)).rejects.toMatchObject({
      code: 'invalid_params',
      message: expect.stringContaining('exports') as string,
    });
    expect((await jobs.list()).jobs).toEqual([]);
  });

  it('come over HTTP as names, as a JSON list, and from the client', async () => {
    const { url, api, jobs } = await testServer();
    const post = async (query: string) =>
      answerOf(
        fetch(`${api}/jobs?${query}`, {
          method: 'POST',
          body: new Uint8Array(await smallPicture()),
          headers: { 'content-type': 'application/octet-stream' },
        }),
      );
    const named = await post('exports=ds9,%20svg');
    expect(named).toMatchObject({ exports: [{ format: 'ds9' }, { format: 'svg' }] });
    const listed = await post(`exports=${encodeURIComponent(JSON.stringify(['ds9', PNG]))}`);
    expect(listed).toMatchObject({ exports: [{ format: 'ds9' }, PNG] });
    expect(await post('exports=gif')).toMatchObject({ ok: false, error_code: 'invalid_params' });
    const client = createClient({ baseUrl: url });
    const { job_id } = await client.submit(await smallPicture(), {}, { exports: ['ds9', PNG] });
    expect(await client.wait(job_id)).toMatchObject({
      exports: [{ file: 'export.reg' }, { file: 'export-annotated.png' }],
    });
    const download = await client.download(job_id, 'files/export.reg');
    expect(await download.text()).toContain('# Region file format: DS9');
    expect((await jobs.list()).jobs).toHaveLength(3);
  });

  it('are named at the terminal', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const job_id = await cli.submit(image, '--delay', '1h', '--export', 'ds9,png');
    const status = await cli.json(['status', '--job-id', job_id]);
    expect(status).toMatchObject({ exports: [{ format: 'ds9' }, { format: 'png' }] });
    expect((await cli.run(['submit', image, '--export', 'gif'])).code).toBe(2);
  });
});
