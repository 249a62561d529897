import { expect, it } from 'vitest';
import { mutationSoak } from './mutations.js';

// The short form of `bench/soak/mutations.ts`, which also says how long anything took.
it('every damaged file that is sent to a server ends with a code that says what it is, and the server lives', async () => {
  const perKind = 12;
  const { ended } = await mutationSoak({ perKind, timeout: 20, concurrency: 4 });
  const outcomes = [...ended].filter(([outcome]) => !outcome.startsWith('preview '));
  const known =
    /^(done|corrupt_image|unsupported_image|image_too_large|too_few_stars|no_solution|invalid_params|no_index_for_scale|refused 4\d\d)$/;
  expect(outcomes.filter(([outcome]) => !known.test(outcome))).toEqual([]);
  expect([...ended.keys()].filter((outcome) => outcome.startsWith('preview 5'))).toEqual([]);
  expect(ended.get('too_few_stars')).toBeGreaterThan(perKind);
  expect(ended.get('corrupt_image')).toBeGreaterThan(perKind);
}, 300_000);
