import {
  AstroJobsError,
  type AstroObject,
  isSettled,
  type JobStatus,
  type SolvedResult,
} from '../../index.js';
import { ownerFilter, visibleStatus } from '../access.js';
import type { Call } from '../services.js';
import { withoutPaths } from '../without-paths.js';
import { jobIdOfNova, novaIdOf } from './ids.js';

type Json = Record<string, unknown>;

/** Microseconds and all, as Python prints a time. */
function pythonTime(seconds: number | undefined): string {
  if (seconds === undefined) return 'None';
  return `${new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, -1)}000`;
}

/** `solving` from the first moment: an older Ekos gives up a job that says anything else. */
function novaStatus(status: JobStatus): 'solving' | 'success' | 'failure' {
  if (!isSettled(status)) return 'solving';
  return status.state === 'done' ? 'success' : 'failure';
}

/** One upload is one submission, one image, one job and one calibration, all of the same number. */
export function submissionAnswer(nova: number, status: JobStatus): Json {
  return {
    user: 1,
    // Nothing is left to process once the job exists; clients look for it only when this is over.
    processing_started: pythonTime(status.created_at),
    processing_finished: pythonTime(status.created_at),
    user_images: [nova],
    images: [nova],
    jobs: [nova],
    job_calibrations: status.state === 'done' ? [[nova, nova]] : [],
    ...(status.state === 'error'
      ? { error_message: withoutPaths(status.error?.message ?? status.message ?? 'failed') }
      : {}),
  };
}

export const statusAnswer = (status: JobStatus): Json => ({ status: novaStatus(status) });

async function solvedResult(call: Call, status: JobStatus): Promise<SolvedResult | undefined> {
  if (status.state !== 'done') return undefined;
  const result = await call.jobs.result(status.job_id);
  return result.ok ? result : undefined;
}

export async function calibrationAnswer(call: Call, nova: number, status: JobStatus): Promise<Json> {
  const result = await solvedResult(call, status);
  if (!result) return { error: `no calibration data available for job ${nova}` };
  return calibration(call, result, status);
}

const TOP_DOWN = new Set(['jpeg', 'png', 'gif']);

async function calibration(call: Call, { astrometry }: SolvedResult, status: JobStatus): Promise<Json> {
  const { orientation_deg, fov_deg, pixscale_arcsec } = astrometry;
  const { image } = await call.jobs.geometry(status.job_id);
  return {
    ra: astrometry.ra_center,
    dec: astrometry.dec_center,
    width_arcsec: fov_deg[0] * 3600,
    height_arcsec: fov_deg[1] * 3600,
    radius: astrometry.radius_deg ?? Math.hypot(...fov_deg) / 2,
    pixscale: pixscale_arcsec,
    // Nova's way: a picture whose first row is the upper one is told upside down, its parity is not.
    orientation: TOP_DOWN.has(image.kind) ? (540 - orientation_deg) % 360 : orientation_deg,
    parity: astrometry.parity ?? 1,
  };
}

async function names(call: Call, status: JobStatus): Promise<string[]> {
  const result = await solvedResult(call, status);
  return (result?.astrometry.objects ?? []).map(({ name }) => name);
}

/** Users set no tags here; the machine's tags are what it has found. */
export const tagsAnswer = async (call: Call, status: JobStatus): Promise<Json> => ({
  tags: await names(call, status),
});
export const objectsAnswer = async (call: Call, status: JobStatus): Promise<Json> => ({
  objects_in_field: await names(call, status),
});

export async function infoAnswer(call: Call, status: JobStatus): Promise<Json> {
  const result = await solvedResult(call, status);
  const found = await names(call, status);
  return {
    status: novaStatus(status),
    machine_tags: found,
    tags: found,
    objects_in_field: found,
    original_filename: status.filename ?? 'image',
    ...(result ? { calibration: await calibration(call, result, status) } : {}),
  };
}

export async function annotationsAnswer(call: Call, nova: number, status: JobStatus): Promise<Json> {
  const result = await solvedResult(call, status);
  if (!result) return { error: `no calibration data available for job ${nova}` };
  const { objects, pixscale_arcsec } = result.astrometry;
  return { annotations: objects.flatMap((object) => annotation(object, pixscale_arcsec)) };
}

function annotation(object: AstroObject, pixscale_arcsec: number): Json[] {
  if (object.x === undefined || object.y === undefined) return [];
  const catalog = object.catalog?.toLowerCase() ?? 'star';
  const radius_arcsec = (object.size_arcmin ?? 0) * 30;
  return [
    {
      type: catalog === 'star' ? 'bright' : catalog,
      names: object.names ?? [object.name],
      pixelx: object.x,
      pixely: object.y,
      radius: radius_arcsec / pixscale_arcsec,
      ...(object.magnitude === undefined ? {} : { vmag: object.magnitude }),
    },
  ];
}

const MAX_LISTED = 10_000;

/** Numbers of the jobs that came by this API, newest first. */
export async function myJobsAnswer(call: Call): Promise<Json> {
  const jobs: number[] = [];
  const rateKey = ownerFilter(call.grant);
  let after: string | undefined;
  do {
    const page = await call.jobs.list({ rateKey, limit: 1000, after });
    for (const { job_id } of page.jobs) {
      const nova = novaIdOf(job_id);
      if (nova !== undefined) jobs.push(nova);
    }
    after = page.next;
  } while (after !== undefined && jobs.length < MAX_LISTED);
  return { status: 'success', jobs };
}

export async function submissionImagesAnswer(call: Call, subid: unknown): Promise<Json> {
  const nova = Number(subid);
  try {
    await visibleStatus(call.jobs, jobIdOfNova(Number.isInteger(nova) && nova > 0 ? nova : 0), call.grant);
  } catch (error) {
    if (error instanceof AstroJobsError && error.code === 'not_found') {
      return { status: 'error', errormessage: 'submission does not exist' };
    }
    throw error;
  }
  return { status: 'success', image_ids: [nova] };
}

/** Jobs in whose field something of that name lies. */
export async function jobsByTagAnswer(call: Call): Promise<Json> {
  const wanted = (call.url.searchParams.get('query') ?? '').trim().toLowerCase();
  const exact = call.url.searchParams.has('exact');
  const { jobs } = (await myJobsAnswer(call)) as { jobs: number[] };
  const job_ids: number[] = [];
  for (const nova of jobs.slice(0, 1000)) {
    const status = await call.jobs.status(jobIdOfNova(nova));
    const found = (await names(call, status)).map((name) => name.toLowerCase());
    if (found.some((name) => (exact ? name === wanted : name.includes(wanted)))) job_ids.push(nova);
  }
  return { job_ids };
}
