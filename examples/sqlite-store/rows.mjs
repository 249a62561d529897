import { Readable } from 'node:stream';
import { AstroJobsError } from 'astro-jobs';

export const nowSeconds = () => Date.now() / 1000;
export const leaseUntil = ({ lease }) => nowSeconds() + (lease?.seconds ?? 0);

/** document, state, priority, created_at, not_before, rate_key, tags, lease_until */
export function columnsOf(status) {
  const { state, priority = 0, created_at, not_before = 0, rate_key = null, tags = [] } = status;
  const found = [state, priority, created_at, not_before, rate_key, JSON.stringify(tags)];
  return [JSON.stringify(status), ...found, leaseUntil(status)];
}

export function recordOf(row) {
  if (!row) return undefined;
  const record = { status: parsed(row.document, row.id), revision: row.revision };
  return row.state === 'processing' ? { ...record, leaseRemaining: row.lease_until - nowSeconds() } : record;
}

export function parsed(text, jobId) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AstroJobsError('corrupt_document', `Invalid JSON: ${error.message}`, { cause: error, jobId });
  }
}

export function storedFile({ name, bytes, modified_at }) {
  const data = Buffer.from(bytes);
  return {
    name,
    size: data.length,
    modifiedAt: modified_at,
    read: ({ start = 0, end = data.length - 1 } = {}) => Readable.from([data.subarray(start, end + 1)]),
  };
}
