import { resolve } from 'node:path';
import { folderPictures } from '../image/folder-pictures.js';
import type { SolveParamsInput } from '../job/param-table.js';
import { parseParams } from '../job/params.js';
import { makePath } from '../process/folders.js';
import { holdFolder } from './hold.js';
import { type Batch, type BatchOptions, checkBatchOptions } from './options.js';
import { Run } from './run.js';
import { BatchTable } from './table.js';
import type { BatchJobs } from './take.js';

/**
 * Every picture of a folder once, as rows of a table that survives a kill: what stands in it is not done again. Each row is in the
 * table before it is given. Ends when all are done; of a watched folder, when the signal is aborted.
 */
export async function* runBatch(
  jobs: BatchJobs,
  folder: string,
  params: SolveParamsInput,
  options: BatchOptions,
): Batch {
  checkBatchOptions(options);
  parseParams(params);
  const root = resolve(folder);
  const output = resolve(options.output ?? `${root}/astro-jobs`);
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  // Says that there is no such folder before anything is made in it.
  await folderPictures(root);
  await makePath(output);
  const letGo = await holdFolder(output);
  try {
    const table = await BatchTable.open(output);
    try {
      return yield* new Run(jobs, {
        ...options,
        root,
        output,
        params,
        table,
        signal,
      }).rows();
    } finally {
      await table.close();
    }
  } finally {
    await letGo();
  }
}
