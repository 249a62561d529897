import { createAnalyzer } from '../../src/analysis/analyze.js';
import { LocalReader } from '../../src/decoding/local-reader.js';
import { silentLogger } from '../../src/job/logger.js';
import type { QueueWanted } from '../../src/queue/contract/under-test.js';
import type { QueueHost } from '../../src/queue/job-queue.js';
import { ExternalScript } from '../../src/solver/external/external-script.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import type { JobStore } from '../../src/store/job-store.js';
import { JobRunner } from '../../src/worker/job-runner.js';
import { createTracer } from '../../src/worker/tracing.js';

/** What a queue is attached to, with the external script as the solver. */
export function hostFor(
  store: JobStore,
  { extractorBin, leaseSeconds }: Omit<QueueWanted, 'concurrency'>,
): QueueHost {
  const analyze = createAnalyzer({
    solvers: [new SolveField(), new ExternalScript({ bin: extractorBin })],
    cores: () => 1,
    reader: new LocalReader(),
  });
  const runner = new JobRunner({
    store,
    analyze,
    prepare() {},
    leaseSeconds,
    maxAttempts: 3,
    logger: silentLogger,
    tracer: createTracer(),
  });
  return { store, runner, logger: silentLogger };
}
