import { AstroJobsError, type ExportKind, type JobStatus, type StoredFile } from '../../index.js';
import { drawn, exported } from '../derived.js';
import { fileResponse } from '../file-response.js';
import { UNTRUSTED_CSP } from '../responses.js';
import type { Call } from '../services.js';

/** Width of nova's small pictures, pixels. */
const DISPLAY_WIDTH = 640;

type FileAnswer = (call: Call, status: JobStatus) => Promise<Response>;

async function stored(call: Call, status: JobStatus, name: string): Promise<StoredFile> {
  if (status.state !== 'done') throw new AstroJobsError('not_ready', `Job not ready (state=${status.state})`);
  const file = (await call.jobs.files(status.job_id)).find((candidate) => candidate.name === name);
  if (file) return file;
  throw new AstroJobsError('not_found', 'The solver has left no such file');
}

const fits =
  (name: string, filename: string): FileAnswer =>
  async (call, status) =>
    fileResponse(call.request, await stored(call, status, name), {
      filename,
      contentType: 'application/fits',
    });

const made =
  (kind: ExportKind): FileAnswer =>
  (call, status) =>
    exported(call, status, kind, {});

const chart =
  (kind: 'extraction' | 'red-green', width?: number): FileAnswer =>
  (call, status) =>
    exported(call, status, kind, { width, disposition: 'inline' });

const picture =
  (objects: boolean, width?: number): FileAnswer =>
  (call, status) =>
    drawn(call, status, {
      format: 'jpeg',
      width,
      ...(!objects && { layers: ['grid', 'caption'] }),
    });

/** Where nova has a page of its own for people, ours is shown, at this job. */
const page: FileAnswer = async (call, status) => {
  if (call.options.page === false) throw new AstroJobsError('not_found', 'This server has no page');
  const location = `${call.options.basePath ?? ''}/#${status.job_id}`;
  return new Response(null, { status: 302, headers: { location } });
};

const log: FileAnswer = async (call, status) =>
  new Response(await call.jobs.log(status.job_id), {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-security-policy': UNTRUSTED_CSP },
  });

/** What nova serves beside its API, by the first part of the path. */
export const NOVA_FILES: Readonly<Record<string, FileAnswer>> = {
  wcs_file: fits('solution.wcs', 'wcs.fits'),
  axy_file: fits('solution.axy', 'axy.fits'),
  corr_file: fits('solution.corr', 'corr.fits'),
  new_fits_file: made('new-fits'),
  image_rd_file: made('image-rd'),
  rdls_file: made('rdls'),
  kml_file: made('kmz'),
  joblog: log,
  status: page,
  user_images: page,
  annotated_display: picture(true, DISPLAY_WIDTH),
  annotated_full: picture(true),
  grid_display: picture(false, DISPLAY_WIDTH),
  grid_full: picture(false),
  red_green_image_display: chart('red-green', DISPLAY_WIDTH),
  red_green_image_full: chart('red-green'),
  extraction_image_display: chart('extraction', DISPLAY_WIDTH),
  extraction_image_full: chart('extraction'),
};
