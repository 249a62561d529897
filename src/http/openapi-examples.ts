import { EXPORT_FORMATS } from '../export/formats.js';

export type Json = Record<string, unknown>;

const job_id = '4e1f0a9c0d5b4c7f8a2b3c4d5e6f7081';
const times = { created_at: 1760000000.25, updated_at: 1760000012.5 };
const about = { ok: true, job_id, filename: 'm42.jpg', params: { scale_low: 1, scale_high: 3 } };
const failure = { error: 'Job not found', error_code: 'not_found', job_id };

const value = (summary: string, example: Json) => ({ summary, value: example });

/** `components.examples`; a test holds each against its schema. */
export const OPENAPI_EXAMPLES = {
  queued: value('A job that waits', { ...about, ...times, state: 'queued', message: 'Queued' }),
  done: value('A solved job', {
    ...about,
    ...times,
    state: 'done',
    message: 'Solved',
    finished_at: 1760000012.5,
  }),
  cancelled: value('A cancelled job', {
    ...about,
    ...times,
    state: 'error',
    message: 'Cancelled',
    error: { code: 'cancelled', message: 'The job was cancelled' },
  }),
  solved: value('A solved field', {
    ok: true,
    filename: 'm42.jpg',
    capture: { datetime: '2025-01-18T21:04:11', exposure: 30, iso: 800 },
    astrometry: {
      ra_center: 83.8221,
      dec_center: -5.3911,
      fov_deg: [2.31, 1.54],
      pixscale_arcsec: 2.077,
      orientation_deg: 178.4,
      objects: [{ name: 'Orion Nebula', catalog: 'NGC', id: 'NGC 1976', sep_arcmin: 0.5 }],
    },
    solve: { solver: 'solve-field', seconds: 3.1 },
  }),
  unsolved: value('A field that was not found', {
    ok: false,
    error: 'No field matches',
    error_code: 'no_solution',
    filename: 'clouds.jpg',
    sources: { detected: 12 },
  }),
  page: value('A page of one job', {
    ok: true,
    jobs: [{ ...times, job_id, state: 'queued', message: 'Queued', params: {} }],
    next: '1760000000.25 4e1f0a9c0d5b4c7f8a2b3c4d5e6f7081',
    damaged: [],
  }),
  files: value('Files of a solved job', {
    ok: true,
    files: [{ name: 'result.json', size: 5120, modified_at: 1760000012.5 }],
  }),
  caller: value('By a key', {
    ok: true,
    scopes: ['submit', 'read:own'],
    key: {
      id: 'ajk_4e1f0a9c0d5b4c7f',
      name: 'observatory',
      scopes: ['submit', 'read:own'],
      state: 'valid',
      created_at: 1760000000.25,
    },
  }),
  exports: value('A solved photograph', {
    ok: true,
    exports: [
      {
        format: 'wcs',
        title: EXPORT_FORMATS.wcs.title,
        content_type: EXPORT_FORMATS.wcs.contentType,
        href: '/api/v1/jobs/1f0c53b0e9f84f4c9ea1a5f1f1a0c9d2/exports/wcs',
      },
    ],
  }),
  figures: value('A server that has solved one image', {
    ok: true,
    counts: { queued: 0, processing: 0, done: 1, error: 0 },
    sample: 1,
    waiting_seconds: { median: 0.02, p95: 0.02, max: 0.02 },
    processing_seconds: { median: 1.4, p95: 1.4, max: 1.4 },
  }),
  submitted: value('One of two images is a job', {
    ok: true,
    jobs: [
      { ...about, ...times, state: 'queued', message: 'Queued' },
      {
        ok: false,
        filename: 'notes.txt',
        error: 'notes.txt: The file is no image of a kind that is known here',
        error_code: 'unsupported_image',
      },
    ],
  }),
  queue: value('One job runs, one waits', {
    ok: true,
    queue: 'in-process',
    counts: { queued: 1, processing: 1, done: 20, error: 2 },
    oldest: { job_id, seconds: 4.2 },
    workers: [
      {
        host: 'observatory',
        pid: 4711,
        state: 'busy',
        concurrency: 2,
        jobs: [{ ...about, ...times, state: 'processing', message: 'Processing', started_at: 1760000001 }],
      },
    ],
    elsewhere: [],
    more: false,
  }),
  object: value('Andromeda', {
    ok: true,
    name: 'Andromeda Galaxy',
    catalog: 'M',
    id: '31',
    names: ['Andromeda Galaxy', 'M 31', 'NGC 224'],
    type: 'galaxy',
    ra_deg: 10.6848,
    dec_deg: 41.2691,
    magnitude: 3.44,
    size_arcmin: 177.83,
  }),
  fields: value('One solved job', {
    ok: true,
    fields: [
      {
        job_id,
        filename: 'm42.jpg',
        finished_at: 1760000012.5,
        ra_center: 83.8221,
        dec_center: -5.3911,
        fov_deg: [2.31, 1.54],
        radius_deg: 1.39,
        subject: { name: 'M 42', common_name: 'Orion Nebula', type: 'emission nebula' },
      },
    ],
  }),
  geometry: value('A solved photograph', {
    ok: true,
    image: { kind: 'jpeg', width: 4000, height: 2667, row_order: 'top-down', exif_orientation: 1 },
    wcs: {
      crval: [83.8221, -5.3911],
      crpix: [2000.5, 1334],
      cd: [
        [-0.000577, 0],
        [0, -0.000577],
      ],
      width: 4000,
      height: 2667,
    },
  }),
  byUrl: value('An image somewhere else', { url: 'https://example.org/m42.jpg', params: { scale_low: 1 } }),
  explanation: value('Of `not_found`', {
    ok: true,
    code: 'not_found',
    status: 404,
    what: 'no such job, no such file of it, or no such key',
    advice: ['Look at `list`; it may have been pruned.'],
  }),
  problem: value('No such job', {
    type: '/api/v1/problems/not_found',
    title: 'Not Found',
    status: 404,
    detail: 'Job not found',
    ok: false,
    ...failure,
  }),
} as const;
