import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AstroJobsError } from '../../job/errors.js';
import { checkIndexFile } from './check-file.js';
import { onDisk } from './on-disk.js';
import type { SourceFile } from './sources.js';
import type { Wanted } from './wanted.js';

/** A file that is in its folder now. */
export interface InstalledFile {
  path: string;
  bytes: number;
  sha256: string;
  /** What named the same SHA-256: `--sha256`, or a file beside the source; absent where nothing did. */
  compared_with?: string;
  /** `present`: it was there before, whole, and with that SHA-256 where one is known. */
  state: 'installed' | 'present';
}

export interface InstallOptions {
  /** Where to put it; it exists. */
  folder: string;
  wanted: Pick<Wanted, 'label' | 'number'>;
  /** Lower-case hex digits. */
  sha256?: string;
  signal: AbortSignal;
  onProgress(done: number, of: number | undefined): void;
}

/** A name of an index file that can be no path, option or hidden file. */
const SAFE_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]*\.fits$/;

/**
 * Brings one index file into a folder: under a hidden name that no solver reads, checked there, then renamed. Whatever goes wrong,
 * nothing of it is left, and a file that was there before stays.
 * @throws AstroJobsError `install_failed` (the source), `corrupt_index` (what it gave), `storage_full`, `storage_failed` (the folder);
 * `signal.reason`
 */
export async function installFile(source: SourceFile, options: InstallOptions): Promise<InstalledFile> {
  const { folder, wanted, signal } = options;
  if (!SAFE_FILE.test(source.name))
    throw new AstroJobsError('invalid_params', `No index file can be called ${JSON.stringify(source.name)}`);
  const expected =
    options.sha256 === undefined ? await source.checksum(signal) : { sha256: options.sha256, by: '--sha256' };
  const path = join(folder, source.name);
  const compared = expected && { compared_with: expected.by };
  const before = await presentFile(path, wanted, signal);
  if (before && (!expected || before.sha256 === expected.sha256))
    return { path, ...before, ...compared, state: 'present' };

  const partial = join(folder, `.${source.name}.${randomBytes(6).toString('hex')}.part`);
  try {
    const written = await write(source, partial, options);
    if (expected && written.sha256 !== expected.sha256)
      throw new AstroJobsError(
        'corrupt_index',
        `${source.from}: its SHA-256 is ${written.sha256}, and ${expected.by} says ${expected.sha256}`,
      );
    await requireIndex(partial, source.from, wanted);
    await onDisk(folder, () => rename(partial, path));
    await syncFolder(folder);
    return { path, ...written, ...compared, state: 'installed' };
  } finally {
    await rm(partial, { force: true }).catch(() => {});
  }
}

/** What lies there already, if it can be used. */
async function presentFile(
  path: string,
  wanted: Pick<Wanted, 'label' | 'number'>,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string } | undefined> {
  const checked = await checkIndexFile(path);
  if (checked.problem !== undefined) return undefined;
  if (wanted.number !== undefined && checked.index.id !== wanted.number) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  return { bytes: checked.index.bytes, sha256: hash.digest('hex') };
}

async function write(
  source: SourceFile,
  partial: string,
  { folder, signal, onProgress }: InstallOptions,
): Promise<{ bytes: number; sha256: string }> {
  const { bytes: of, chunks } = await source.open(signal);
  const hash = createHash('sha256');
  let bytes = 0;
  // For all to read: solve-field may run as another user.
  const file: FileHandle = await onDisk(folder, () => open(partial, 'wx', 0o644));
  try {
    onProgress(0, of);
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      await onDisk(folder, () => file.writeFile(chunk));
      hash.update(chunk);
      bytes += chunk.length;
      onProgress(bytes, of);
    }
    await onDisk(folder, () => file.sync());
  } finally {
    await file.close();
  }
  if (of !== undefined && bytes !== of)
    throw new AstroJobsError('install_failed', `${source.from}: ${bytes} of ${of} bytes came; try again`);
  return { bytes, sha256: hash.digest('hex') };
}

async function requireIndex(
  path: string,
  from: string,
  wanted: Pick<Wanted, 'label' | 'number'>,
): Promise<void> {
  const checked = await checkIndexFile(path);
  if (checked.problem !== undefined) throw new AstroJobsError('corrupt_index', `${from}: ${checked.problem}`);
  const { id } = checked.index;
  if (wanted.number !== undefined && id !== wanted.number)
    throw new AstroJobsError('corrupt_index', `${from}: it is of series ${id}, not of ${wanted.label}`);
}

/** The new name is safe once the folder is; some file systems cannot be asked for that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
