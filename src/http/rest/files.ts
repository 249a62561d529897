import { z } from 'zod';
import type { PictureFormat } from '../../annotate/annotate.js';
import { type DrawingOptions, drawingOptionsSchema } from '../../annotate/drawing-options.js';
import { EXPORT_KINDS, isExportKind } from '../../export/formats.js';
import { AstroJobsError } from '../../index.js';
import { visibleStatus } from '../access.js';
import { drawn, exported } from '../derived.js';
import { HttpError } from '../errors.js';
import { fileResponse } from '../file-response.js';
import { json, jsonDocument } from '../responses.js';
import { type Call, paramOfPath } from '../services.js';
import { numberOf } from './jobs.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json; charset=utf-8',
  wcs: 'application/fits',
  axy: 'application/fits',
  corr: 'application/fits',
  match: 'application/fits',
  rdls: 'application/fits',
  xyls: 'application/fits',
  fits: 'application/fits',
  log: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  jpg: 'image/jpeg',
  png: 'image/png',
};

/** By the name that the library gave; what a stranger named is only ever bytes. */
function contentType(name: string): string {
  return CONTENT_TYPES[name.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

const known = (call: Call) => visibleStatus(call.jobs, paramOfPath(call, 'id'), call.grant);

export async function listFiles(call: Call): Promise<Response> {
  const { job_id } = await known(call);
  const files = await call.jobs.files(job_id);
  return json({
    ok: true,
    files: files.map(({ name, size, modifiedAt }) => ({ name, size, modified_at: modifiedAt })),
  });
}

export async function readFile(call: Call): Promise<Response> {
  const { job_id } = await known(call);
  const name = paramOfPath(call, 'name');
  // Looked up by name among the files of the job, never put together to a path.
  const files = await call.jobs.files(job_id);
  const file = files.find((candidate) => candidate.name === name);
  if (!file) throw new AstroJobsError('not_found', 'The job has no such file', { jobId: job_id });
  return fileResponse(call.request, file, { filename: file.name, contentType: contentType(file.name) });
}

/** The image as it came. */
export async function readImage(call: Call): Promise<Response> {
  const { job_id, filename } = await known(call);
  const image = await call.jobs.image(job_id);
  return fileResponse(call.request, image, {
    filename: filename ?? image.name,
    contentType: 'application/octet-stream',
  });
}

/** The image as a JPEG that every browser shows, upright; before and without a solution too. */
export async function readPreview(call: Call): Promise<Response> {
  const job = await known(call);
  const width = numberOf(call, 'width', 1600, 4096);
  return exported(call, job, 'preview', {
    width: Math.max(16, Math.round(width)),
    disposition: 'inline',
    // Of a list of stars, the solution says how large its picture is.
    lasting: job.state === 'done',
  });
}

export async function readGeometry(call: Call): Promise<Response> {
  const { job_id } = await known(call);
  return jsonDocument(call.request, { ok: true, ...(await call.jobs.geometry(job_id)) });
}

export async function readNewFits(call: Call): Promise<Response> {
  return exported(call, await known(call), 'new-fits', {});
}

/** `?style=`, `?layers=` (separated by commas), `?palette=` and `?width=` of a drawing. */
function drawingOptions({ url }: Call): DrawingOptions {
  const texts = Object.fromEntries(url.searchParams);
  const { layers, width, style, palette } = texts;
  const parsed = drawingOptionsSchema.safeParse({
    style,
    palette,
    layers: layers === undefined ? undefined : layers.split(',').filter((layer) => layer !== ''),
    width: width === undefined ? undefined : Number(width),
  });
  if (parsed.success) return parsed.data;
  throw new HttpError('invalid_params', z.prettifyError(parsed.error));
}

/** The formats that the job can be exported in now, and where. */
export async function listExports(call: Call): Promise<Response> {
  const { job_id } = await known(call);
  const base = `${call.options.basePath ?? ''}/api/v1/jobs/${job_id}/exports`;
  const offers = await call.jobs.exports(job_id);
  const exports = offers.map((offer) => ({ ...offer, href: `${base}/${offer.format}` }));
  return jsonDocument(call.request, { ok: true, exports });
}

/** One of them; `?width=` and what drawings know are for those that are pictures. */
export async function readExport(call: Call): Promise<Response> {
  const job = await known(call);
  const format = paramOfPath(call, 'format');
  if (!isExportKind(format))
    throw new AstroJobsError('not_found', `No such format; there are ${EXPORT_KINDS.join(', ')}`, {
      jobId: job.job_id,
    });
  return exported(call, job, format, drawingOptions(call));
}

/** The annotated picture, in the format that the path names. */
export function readAnnotated(format: PictureFormat) {
  return async (call: Call): Promise<Response> => {
    const job = await known(call);
    if (job.state !== 'done') {
      throw new HttpError('not_ready', 'Only a solved job has an annotated picture');
    }
    return drawn(call, job, { ...drawingOptions(call), format });
  };
}
