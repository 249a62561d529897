import { rename, rm, writeFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { JOB_STATES } from '../../job/status.js';
import { scratchName } from './durable.js';
import type { IndexedJob } from './indexed-jobs.js';
import type { Layout } from './layout.js';
import { openRegular } from './regular-files.js';

/** What is kept between processes. */
export interface KeptIndex {
  /** Newest first. */
  jobs: readonly IndexedJob[];
  /** When the jobs directory was last changed, milliseconds, if these are all jobs that it had then; else `NaN`. */
  directoryChanged: number;
}

const FORMAT = 2;
const ID_LENGTH = 32;
const CHECKSUM_BYTES = 4;
/** A file of ten million jobs has less. */
const MAX_BYTES = 2 ** 30;

/** A number for each job; 0 for none, else the place of its text in `values`, from 1. */
const textsSchema = z.object({ values: z.array(z.string()), at: z.instanceof(Uint32Array) });
type Texts = z.output<typeof textsSchema>;

/** By columns, so that a hundred thousand jobs are read in the time of a few system calls. */
const columnsSchema = z.object({
  format: z.literal(FORMAT),
  directoryChanged: z.number().or(z.nan()),
  /** One behind the other. */
  ids: z.string(),
  createdAt: z.instanceof(Float64Array),
  states: z.instanceof(Uint8Array),
  rateKeys: textsSchema,
  /** Lists of them as JSON. */
  tags: textsSchema,
  versions: z.instanceof(Int32Array),
});

function textsOf(texts: readonly (string | undefined)[]): Texts {
  const numbers = new Map<string, number>();
  const numberOf = (text: string) => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  };
  const at = Uint32Array.from(texts, (text) => (text === undefined ? 0 : numberOf(text)));
  return { values: [...numbers.keys()], at };
}

function encode({ jobs, directoryChanged }: KeptIndex): Buffer {
  const body = serialize({
    format: FORMAT,
    directoryChanged,
    ids: jobs.map((job) => job.tie).join(''),
    createdAt: Float64Array.from(jobs, (job) => job.createdAt),
    states: Uint8Array.from(jobs, (job) => JOB_STATES.indexOf(job.state)),
    rateKeys: textsOf(jobs.map((job) => job.rateKey)),
    tags: textsOf(jobs.map((job) => job.tags && JSON.stringify(job.tags))),
    versions: Int32Array.from(jobs, (job) => job.version),
  } satisfies z.input<typeof columnsSchema>);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(body));
  return Buffer.concat([checksum, body]);
}

/** @throws Error for anything but what `encode` has made */
function decode(data: Buffer): KeptIndex {
  const body = data.subarray(CHECKSUM_BYTES);
  if (data.length < CHECKSUM_BYTES || crc32(body) !== data.readUInt32LE()) throw new Error('damaged');
  const columns = columnsSchema.parse(deserialize(body));
  const { ids, createdAt, states, rateKeys, tags, versions } = columns;
  const count = createdAt.length;
  for (const { length } of [states, rateKeys.at, tags.at, versions])
    if (length !== count) throw new Error('damaged');
  const tagLists = tags.values.map((text) => z.array(z.string()).parse(JSON.parse(text)));
  const jobs = Array.from(createdAt, (created, at): IndexedJob => {
    const tie = ids.slice(at * ID_LENGTH, (at + 1) * ID_LENGTH);
    const state = JOB_STATES[states[at] ?? -1];
    if (state === undefined) throw new Error('damaged');
    const rateKey = rateKeys.values[(rateKeys.at[at] ?? 0) - 1];
    const tagsOfJob = tagLists[(tags.at[at] ?? 0) - 1];
    return { createdAt: created, tie, state, rateKey, tags: tagsOfJob, version: versions[at] ?? 0 };
  });
  return { jobs, directoryChanged: columns.directoryChanged };
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
