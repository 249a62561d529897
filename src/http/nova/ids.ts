import { createHash, randomInt } from 'node:crypto';
import { type AstroJobs, AstroJobsError } from '../../index.js';

/** Largest number that every client can hold: some keep ids in a signed 32-bit integer. */
const MAX_NOVA_ID = 2 ** 31 - 1;

/**
 * The job of a nova number. Its id begins with the number and goes on with a hash of it, in the form of a UUID v4: so either
 * follows from the other by reckoning alone, in every process and for ever, and no table has to be kept.
 */
export function jobIdOfNova(nova: number): string {
  const lead = nova.toString(16).padStart(8, '0');
  const hash = createHash('sha256').update(`astro-jobs nova ${nova}`).digest('hex');
  return `${lead}${hash.slice(0, 4)}4${hash.slice(4, 7)}8${hash.slice(7, 22)}`;
}

/** The nova number of a job; undefined for jobs that did not come by this API. */
export function novaIdOf(jobId: string): number | undefined {
  const nova = Number.parseInt(jobId.slice(0, 8), 16);
  return isNovaId(nova) && jobIdOfNova(nova) === jobId ? nova : undefined;
}

function isNovaId(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_NOVA_ID;
}

/** @throws AstroJobsError `not_found` for what is no number of a job */
export function parseNovaId(text: string): number {
  const nova = Number(text);
  if (/^\d{1,10}$/.test(text) && isNovaId(nova)) return nova;
  throw new AstroJobsError('not_found', 'Job not found');
}

/** A number that no job has yet. Drawn at random, so that one does not lead to the next. */
export async function freeNovaId(jobs: AstroJobs): Promise<number> {
  for (;;) {
    const nova = randomInt(1, MAX_NOVA_ID);
    try {
      await jobs.status(jobIdOfNova(nova));
    } catch (error) {
      if (error instanceof AstroJobsError && error.code === 'not_found') return nova;
      throw error;
    }
  }
}
