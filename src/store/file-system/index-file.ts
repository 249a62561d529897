import { rename, rm, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { scratchName } from './durable.js';
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

const FORMAT = 4;
/** Four numbers of 32 bits: a checksum of all that follows, the format, how many jobs there are, bytes of the texts. */
const HEAD = Uint32Array.BYTES_PER_ELEMENT * 4;
/** A file of ten million jobs has less. */
const MAX_BYTES = 2 ** 30;

/** What the numbers of the columns stand for, and of what time they are. */
const textsSchema = z.object({
  /** Absent for `NaN`. */
  directoryChanged: z.number().optional(),
  rateKeys: z.array(z.string()),
  tags: z.array(z.string()),
});

const checksumOf = (data: Buffer) => crc32(data.subarray(Uint32Array.BYTES_PER_ELEMENT));

function encode({ rows: { columns, rateKeys, tags }, directoryChanged }: KeptIndex): Buffer {
  const known = Number.isNaN(directoryChanged) ? {} : { directoryChanged };
  const texts = Buffer.from(JSON.stringify({ ...known, rateKeys, tags }));
  const data = Buffer.concat([Buffer.alloc(HEAD), columns.toBytes(), texts]);
  const head = new Uint32Array(data.buffer, data.byteOffset, 4);
  head.set([0, FORMAT, columns.rows, texts.length]);
  head.set([checksumOf(data)]);
  return data;
}

/** @throws Error for anything but what `encode` has made */
function decode(data: Buffer): KeptIndex {
  const [checksum, format, count = 0, textBytes = 0] = new Uint32Array(data.buffer, data.byteOffset, 4);
  const texts = HEAD + JobColumns.bytesOf(count);
  if (format !== FORMAT || data.length !== texts + textBytes || checksumOf(data) !== checksum)
    throw new Error('damaged');
  const columns = new JobColumns(count, data.subarray(HEAD, texts));
  const { directoryChanged = Number.NaN, ...kept } = textsSchema.parse(
    JSON.parse(data.toString('utf8', texts)),
  );
  return { rows: { columns, count, ...kept }, directoryChanged };
}

/** The index as another process has left it; undefined when there is none that can be used. */
export async function readIndex({ index }: Layout): Promise<KeptIndex | undefined> {
  try {
    const handle = await openRegular(index);
    try {
      const { size } = await handle.stat();
      if (size > MAX_BYTES) return undefined;
      // The columns stay where they were read to.
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(size), 0, size, 0);
      return decode(buffer.subarray(0, bytesRead));
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
