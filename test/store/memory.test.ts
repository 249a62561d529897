import { describe, it } from 'vitest';
import { describeStore } from '../../src/store/contract/suite.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';

describeStore({ describe, it }, 'MemoryJobStore', async () => {
  const store = new MemoryJobStore();
  return { store, dispose: () => store.close() };
});
