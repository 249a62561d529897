import type { QueryResultRow } from 'pg';
import type { StoreTransaction } from '../job-store.js';
import type { Query } from './database.js';
import { toStorageError } from './errors.js';

/** Statements of a transaction of the caller's, each sent once: one that failed has ended the transaction. */
export function inside(transaction: StoreTransaction): Query {
  return async <Row extends QueryResultRow>(doing: string, sql: string, values: unknown[] = []) => {
    try {
      return (await transaction.query(sql, values)).rows as Row[];
    } catch (error) {
      throw toStorageError(error, doing);
    }
  };
}
