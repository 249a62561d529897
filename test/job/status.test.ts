import { expect, it } from 'vitest';
import { asStatus, statusSchema } from '../../src/index.js';

/** A document of another program: the six fields of the contract and no more. */
const foreign = (state: string, message: string | null) =>
  statusSchema.parse({
    job_id: '0123456789ab4def8123456789abcdef',
    state,
    message,
    params: { scale_low: 1 },
    created_at: 1000,
    updated_at: 1060.5,
  });

it('a job that another program has ended has an end and a reason', () => {
  expect(asStatus(foreign('done', 'Done'))).toMatchObject({ state: 'done', finished_at: 1060.5 });
  expect(asStatus(foreign('error', 'No stars'))).toMatchObject({
    finished_at: 1060.5,
    error: { code: 'no_solution', message: 'No stars' },
  });
});

it('a job that goes on has neither', () => {
  expect(asStatus(foreign('processing', null))).toEqual(foreign('processing', null));
});

it('what it says itself is kept', () => {
  const error = { code: 'too_few_stars', message: 'Only 3' };
  const document = { ...foreign('error', 'x'), finished_at: 1050, error };
  expect(asStatus(document)).toMatchObject({ finished_at: 1050, error });
});
