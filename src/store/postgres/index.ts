/**
 * Jobs in PostgreSQL; needs the package `pg`.
 * @module astro-jobs/stores/postgres
 */

export { PostgresJobStore, type PostgresJobStoreOptions } from './postgres-job-store.js';
