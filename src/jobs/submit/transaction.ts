import { AstroJobsError } from '../../job/errors.js';
import type { JobStore, StoreTransaction } from '../../store/job-store.js';

/** @throws AstroJobsError `invalid_params` when the job would not be made in one transaction with what the caller does */
export function assertTransaction({ capabilities }: JobStore, transaction: StoreTransaction): void {
  const invalid = (message: string) => new AstroJobsError('invalid_params', message);
  if (!capabilities.transactions)
    throw invalid('This store makes no jobs in a transaction of the caller; a PostgresJobStore does');
  const { query, totalCount } = Object(transaction) as { query?: unknown; totalCount?: unknown };
  // A pool sends each statement on whatever connection is free.
  if (typeof query !== 'function' || totalCount !== undefined)
    throw invalid(
      'Expected `transaction` to be a client of pg that has begun one, such as `await pool.connect()` gives',
    );
}
