import { describe, expectTypeOf, it } from 'vitest';
import type {
  AstroJobs,
  AstroJobsOptions,
  ErrorCode,
  JobResult,
  JobStatus,
  SolvedResult,
  SolveParams,
  SolveParamsInput,
} from '../../src/index.js';
import { isSettled, type resultSchema } from '../../src/index.js';

// What these say is checked by the compiler: `npm run types`.

describe('the types of documents', () => {
  it('have the fields that are documented, and no other name compiles', () => {
    expectTypeOf<SolvedResult['astrometry']>().toHaveProperty('ra_center').toEqualTypeOf<number>();
    expectTypeOf<SolvedResult['astrometry']>().not.toHaveProperty('ra_centre');
    expectTypeOf<NonNullable<SolvedResult['solve']>>().not.toHaveProperty('secondz');
    expectTypeOf<SolvedResult['capture']>().not.toHaveProperty('camera_modell');
    expectTypeOf<JobStatus>().not.toHaveProperty('finished');
    expectTypeOf<JobStatus['params']>().not.toHaveProperty('scale_lo');
    expectTypeOf<JobStatus['params']>().toHaveProperty('scale_low');
    // @ts-expect-error A misspelt field does not compile, deep inside either.
    expectTypeOf((result: SolvedResult) => result.astrometry.objects[0]?.nmae);
  });

  it('keep an index where a document has one', () => {
    expectTypeOf<NonNullable<SolvedResult['capture']['sources']>>().toEqualTypeOf<Record<string, string>>();
  });
});

describe('a result', () => {
  it('narrows on ok', () => {
    expectTypeOf<Extract<JobResult, { ok: true }>>().toEqualTypeOf<SolvedResult>();
    expectTypeOf<Extract<JobResult, { ok: false }>['error_code']>().toEqualTypeOf<ErrorCode>();
  });
});

describe('a status', () => {
  it('narrows on state', () => {
    expectTypeOf<Extract<JobStatus, { state: 'error' }>['error']['code']>().toEqualTypeOf<ErrorCode>();
    expectTypeOf<Extract<JobStatus, { state: 'done' }>['finished_at']>().toEqualTypeOf<number>();
    expectTypeOf<
      Extract<JobStatus, { state: 'queued' | 'processing' }>['finished_at']
    >().toEqualTypeOf<undefined>();
  });

  it('narrows by isSettled', () => {
    expectTypeOf((status: JobStatus) =>
      isSettled(status) ? status.finished_at : 0,
    ).returns.toEqualTypeOf<number>();
  });
});

describe('options and parameters', () => {
  it('have the names that are documented, and no other compiles', () => {
    expectTypeOf<AstroJobsOptions>().not.toHaveProperty('concurency');
    expectTypeOf<SolveParamsInput>().not.toHaveProperty('scale_lo');
    // @ts-expect-error A misspelt option does not compile.
    expectTypeOf({ concurency: 1 } satisfies AstroJobsOptions);
    // @ts-expect-error Nor one of its limits.
    expectTypeOf({ limits: { maxJob: 3 } } satisfies AstroJobsOptions);
    // @ts-expect-error Nor a misspelt parameter.
    expectTypeOf((jobs: AstroJobs) => jobs.submit('a.jpg', { scale_lo: 1 }));
    // @ts-expect-error Nor a unit that there is not.
    expectTypeOf({ scale_units: 'degrees' } satisfies SolveParamsInput);
  });

  it('have the types of their values', () => {
    expectTypeOf<SolveParams['scale_low']>().toEqualTypeOf<number | null>();
    expectTypeOf<SolveParams['downsample']>().toEqualTypeOf<number>();
    expectTypeOf<SolveParams['parity']>().toEqualTypeOf<1 | -1 | null>();
    expectTypeOf<SolveParams['use_metadata']>().toEqualTypeOf<boolean>();
    expectTypeOf<SolveParamsInput['solver']>().toEqualTypeOf<string | undefined>();
  });
});

describe('what a schema reads', () => {
  it('has the fields that are documented and no others, though it keeps what it does not know', () => {
    expectTypeOf<ReturnType<(typeof resultSchema)['parse']>>().toEqualTypeOf<JobResult>();
  });
});
