import { afterAll, beforeAll, describe, it } from 'vitest';
import { describeStore } from '../../src/store/contract/suite.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';

describeWith(['postgres'], 'on a real PostgreSQL', () => {
  let server: TestServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  describeStore({ describe, it }, 'PostgresJobStore', async () => {
    schemas += 1;
    const store = new PostgresJobStore({
      connectionString: server.url,
      schema: `contract_${schemas}`,
      maxConnections: 6,
    });
    return { store, dispose: () => store.close() };
  });
});
