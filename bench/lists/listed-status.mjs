import { randomUUID } from 'node:crypto';

const SECONDS_APART = 10;
export const CLIENTS = 50;
export const clientOf = (n) => `client-${n % CLIENTS}`;

/** The status of the `n`th job, the first is the newest: 20 wait, one in twenty has failed, the others are done. */
export function listedStatus(n) {
  const created = Date.now() / 1000 - n * SECONDS_APART;
  const state = n % 5000 === 77 ? 'queued' : n % 20 === 7 ? 'error' : 'done';
  const times = { created_at: created, updated_at: created + 5 };
  const solve = {
    solver: 'auto',
    downsample: 2,
    timeout: 600,
    scale_low: 1,
    scale_high: 3,
    scale_units: 'degwidth',
  };
  return {
    job_id: randomUUID().replaceAll('-', ''),
    state,
    message:
      state === 'done'
        ? 'Solved: 8 objects in the field'
        : state === 'error'
          ? 'No solution was found'
          : 'Queued',
    params: solve,
    ...times,
    ...(state === 'queued'
      ? { not_before: created + 1e9 }
      : { started_at: created + 1, finished_at: created + 5 }),
    ...(state === 'error' && { error: { code: 'no_solution', message: 'No solution was found' } }),
    filename: `IMG_${n}.jpg`,
    attempts: 1,
    max_attempts: 3,
    priority: 0,
    expected_seconds: 15,
    rate_key: clientOf(n),
  };
}
