import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import pino from 'pino';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Analyze } from '../../src/analysis/analysis.js';
import { AstroJobs } from '../../src/astro-jobs.js';
import { AstroJobsError } from '../../src/job/errors.js';
import type { Logger } from '../../src/job/logger.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { addJob, runnerOf, SOLVED } from '../worker/scripted.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);
afterAll(async () => {
  trace.disable();
  context.disable();
  await provider.shutdown();
});
beforeEach(() => exporter.reset());

const twoAttempts: Analyze = async (_path, _params, { onAttempt }) => {
  onAttempt?.({ name: 'exif-scale', reason: 'the lens', seconds: 1.5, outcome: 'no_solution' });
  onAttempt?.({ name: 'blind', reason: 'nothing else', seconds: 0.5, outcome: 'solved' });
  return { result: SOLVED, files: {} };
};

describe('OpenTelemetry', () => {
  it('has one span for a job, and its attempts as children', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const runner = runnerOf(store, twoAttempts);
    await runner.run((await runner.claimNext())!);
    const spans = exporter.getFinishedSpans();
    const [job, ...more] = spans.filter(({ name }) => name === 'astro-jobs.job');
    expect(more).toEqual([]);
    expect(job!.attributes).toMatchObject({
      'astro_jobs.job_id': id,
      'astro_jobs.attempt': 1,
      'astro_jobs.outcome': 'done',
    });
    expect(job!.status.code).toBe(SpanStatusCode.OK);
    const children = spans.filter(
      ({ parentSpanContext }) => parentSpanContext?.spanId === job!.spanContext().spanId,
    );
    expect(children.map(({ attributes }) => attributes['astro_jobs.attempt_name'])).toEqual([
      'exif-scale',
      'blind',
    ]);
    expect(children.map(({ attributes }) => attributes['astro_jobs.outcome'])).toEqual([
      'no_solution',
      'solved',
    ]);
    for (const child of children) expect(child.spanContext().traceId).toBe(job!.spanContext().traceId);
    expect(children[0]!.duration[0] + children[0]!.duration[1] / 1e9).toBeCloseTo(1.5, 1);
  });

  it('says that a job has failed', async () => {
    const store = new MemoryJobStore();
    await addJob(store);
    const runner = runnerOf(store, async () => {
      throw new AstroJobsError('solver_crashed', 'it crashed');
    });
    await runner.run((await runner.claimNext())!);
    const [job] = exporter.getFinishedSpans();
    expect(job!.attributes['astro_jobs.outcome']).toBe('error');
    expect(job!.status.code).toBe(SpanStatusCode.ERROR);
  });
});

describe('the logger', () => {
  it('is told what goes wrong, with the job that it is about', async () => {
    const lines: Record<string, unknown>[] = [];
    const logger: Logger = pino(
      { level: 'debug' },
      { write: (line) => void lines.push(JSON.parse(line) as never) },
    );
    const store = new MemoryJobStore();
    const id = await addJob(store);
    store.appendLog = async () => {
      throw new AstroJobsError('storage_full', 'no space is left');
    };
    // So much is not kept until the job ends.
    const talkative: Analyze = async (_path, _params, { log }) => {
      log('x'.repeat(100_000));
      return { result: SOLVED, files: {} };
    };
    const runner = runnerOf(store, talkative, { logger });
    expect(await runner.run((await runner.claimNext())!)).toBe('done');
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: pino.levels.values.warn,
        job_id: id,
        msg: 'The log of the job cannot be written',
        err: expect.objectContaining({ message: 'no space is left' }),
      }),
    );
  });
});

describe('stats()', () => {
  it('counts the jobs of each state, and says how long they waited and ran', async () => {
    const store = new MemoryJobStore();
    await using jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });
    const now = Date.now() / 1000;
    for (let job = 0; job < 4; job += 1) await addJob(store, { created_at: now - 100 });
    const runner = runnerOf(store, twoAttempts);
    const failing = runnerOf(store, async () => {
      throw new AstroJobsError('no_solution', 'nothing');
    });
    await runner.run((await runner.claimNext())!);
    await failing.run((await failing.claimNext())!);
    await runner.claimNext();
    const stats = await jobs.stats();
    expect(stats.counts).toEqual({ queued: 1, processing: 1, done: 1, error: 1 });
    expect(stats.sample).toBe(2);
    expect(stats.waiting_seconds!.median).toBeGreaterThanOrEqual(100);
    expect(stats.waiting_seconds!.max).toBeLessThan(200);
    expect(stats.processing_seconds!.max).toBeGreaterThan(0);
    expect(stats.processing_seconds!.max).toBeLessThan(50);
  });
});
