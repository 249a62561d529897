import { rename, rm, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { scratchName } from './durable.js';
import { WORDS } from './id-slots.js';
import type { JobRows } from './indexed-jobs.js';
import { JobColumns } from './job-columns.js';
import type { Layout } from './layout.js';
import { openRegular } from './regular-files.js';

/** What is kept between processes. */
export interface KeptIndex {
  rows: JobRows;
  /** When the jobs directory was last changed, milliseconds, if these are all jobs that it had then; else `NaN`. */
  directoryChanged: number;
}

const FORMAT = 3;
const CHECKSUM_BYTES = 4;
/** A file of ten million jobs has less. */
const MAX_BYTES = 2 ** 30;

/** By columns, so that a hundred thousand jobs are read in the time of a few system calls. */
const keptSchema = z.object({
  format: z.literal(FORMAT),
  directoryChanged: z.number().or(z.nan()),
  ids: z.instanceof(Uint32Array),
  createdAt: z.instanceof(Float64Array),
  states: z.instanceof(Uint8Array),
  rateKeys: z.instanceof(Uint32Array),
  tags: z.instanceof(Uint32Array),
  versions: z.instanceof(Float64Array),
  /** What the numbers of the columns stand for. */
  texts: z.object({ rateKeys: z.array(z.string()), tags: z.array(z.string()) }),
});

function encode({ rows, directoryChanged }: KeptIndex): Buffer {
  const { ids, createdAt, states, rateKeys, tags, versions } = rows.columns;
  const columns = { ids, createdAt, states, rateKeys, tags, versions };
  const texts = { rateKeys: [...rows.rateKeys], tags: [...rows.tags] };
  const body = serialize({ format: FORMAT, directoryChanged, ...columns, texts });
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(body));
  return Buffer.concat([checksum, body]);
}

/** @throws Error for anything but what `encode` has made */
function decode(data: Buffer): KeptIndex {
  const body = data.subarray(CHECKSUM_BYTES);
  if (data.length < CHECKSUM_BYTES || crc32(body) !== data.readUInt32LE()) throw new Error('damaged');
  const { directoryChanged, texts, ...columns } = keptSchema.parse(deserialize(body));
  const count = columns.states.length;
  for (const { length } of [columns.createdAt, columns.rateKeys, columns.tags, columns.versions])
    if (length !== count) throw new Error('damaged');
  if (columns.ids.length !== count * WORDS) throw new Error('damaged');
  return { rows: { columns: JobColumns.from(columns), count, ...texts }, directoryChanged };
}

/** The index as another process has left it; undefined when there is none that can be used. */
export async function readIndex({ index }: Layout): Promise<KeptIndex | undefined> {
  try {
    const handle = await openRegular(index);
    try {
      return (await handle.stat()).size <= MAX_BYTES ? decode(await handle.readFile()) : undefined;
    } finally {
      await handle.close();
    }
  } catch {
    // Whatever is wrong with it, the folders have all that it could say.
    return undefined;
  }
}

/** Replaces the index at once for every reader. Where that cannot be, the next process reads the folders. */
export async function writeIndex(layout: Layout, kept: KeptIndex, mode: number): Promise<void> {
  const made = scratchName(layout.scratch);
  try {
    await writeFile(made, encode(kept), { flag: 'wx', mode });
    await rename(made, layout.index);
  } catch {
    await rm(made, { force: true }).catch(() => {});
  }
}
