import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type {
  Created,
  IndexFile,
  JobQueue,
  JobRecord,
  JobStatus,
  OpticsMemory,
  Outcome,
  QueueHost,
  RememberedField,
  SolveContext,
  SolveOutcome,
  SolveRequest,
  Solver,
  SolverInfo,
} from '../../src/index.js';
import { AstroJobs, InProcessQueue, MemoryJobStore } from '../../src/index.js';

// Whatever an author of a part writes down has its name from the package: this file compiles with public imports alone.

class RefusingSolver implements Solver {
  readonly name = 'refusing';
  readonly #indexes: IndexFile[] = [];

  async inspect(): Promise<SolverInfo> {
    return { name: this.name, available: true, indexes: this.#indexes };
  }

  async solve({ image }: SolveRequest, context: SolveContext): Promise<SolveOutcome> {
    context.onProgress({ stage: 'solving' });
    const message = `No stars in ${image.width} × ${image.height} pixels`;
    const report = { solver: this.name, seconds: 0 };
    return { kind: 'failed', code: 'too_few_stars', message, report, files: {} };
  }
}

class JournalStore extends MemoryJobStore {
  readonly journal: string[] = [];

  override async create(status: JobStatus, image: AsyncIterable<Uint8Array>): Promise<Created> {
    this.journal.push(status.state);
    return super.create(status, image);
  }

  override async replace(
    id: string,
    revision: number,
    next: JobStatus,
    outcome?: Outcome,
  ): Promise<JobRecord | undefined> {
    this.journal.push(next.state);
    return super.replace(id, revision, next, outcome);
  }
}

class NamedQueue extends InProcessQueue implements JobQueue {
  host: QueueHost | undefined;

  override attach(host: QueueHost): void {
    this.host = host;
    super.attach(host);
  }
}

class NoMemory implements OpticsMemory {
  async get(): Promise<RememberedField | undefined> {
    return undefined;
  }
  async put(_key: string, _field: RememberedField): Promise<void> {}
  async keys(): Promise<string[]> {
    return [];
  }
  async forget(_key?: string): Promise<number> {
    return 0;
  }
}

it("a store, a queue, a solver and a memory of one's own run a job together", async () => {
  const store = new JournalStore();
  const queue = new NamedQueue({ concurrency: 1 });
  await using jobs = new AstroJobs({ store, queue, solver: new RefusingSolver(), memory: new NoMemory() });
  const image = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
  const { job_id } = await jobs.submit(image, { solver: 'refusing' });
  const result = await jobs.wait(job_id);
  expect(result.ok ? 'solved' : result.error_code).toBe('too_few_stars');
  expect(store.journal).toEqual(['queued', 'processing', 'error']);
  expect(queue.host?.store).toBe(store);
});
