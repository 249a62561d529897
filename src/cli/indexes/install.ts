import { AstroJobsError } from '../../job/errors.js';
import { hasApt, installPackage } from './apt.js';
import { isSha256 } from './checksums.js';
import type { DownloadDisplay } from './download-display.js';
import { folderToInstallInto, lookAround } from './folders.js';
import { type InstalledFile, installFile } from './install-file.js';
import { sourcesOf } from './sources.js';
import { parseWanted, type Wanted } from './wanted.js';

export interface InstallRequest {
  series: string;
  /** URL or folder; absent for the system's package manager. */
  from?: string;
  /** Folder; absent for the first index folder that can be written to. */
  to?: string;
  sha256?: string;
  /** Numbers of the pieces of the sky. */
  pieces?: number[];
  /** Instead of ASTRO_INDEX_DIRS. */
  indexDir?: string[];
}

/** What was installed, and how. */
export type Installed =
  | { series: string; by: 'apt-get'; package: string }
  | {
      series: string;
      by: 'copy';
      folder: string;
      /** Whether the solvers look into that folder as things are. */
      searched: boolean;
      files: InstalledFile[];
    };

/**
 * Installs index files: a package of the system, or files from a URL or folder that the caller names.
 * @throws AstroJobsError `invalid_params`, and those of `installPackage`, `folderToInstallInto`, `installFile`
 */
export async function install(
  request: InstallRequest,
  display: DownloadDisplay,
  signal: AbortSignal,
): Promise<Installed> {
  const { from, series, sha256, pieces } = request;
  if (sha256 !== undefined && !isSha256(sha256))
    throw new AstroJobsError('invalid_params', `Expected --sha256 to be 64 hex digits, got \`${sha256}\``);
  const wanted = parseWanted(series, pieces);
  return from === undefined
    ? installFromSystem(wanted, request, signal)
    : copyFiles(wanted, { ...request, from }, display, signal);
}

async function installFromSystem(
  { label, debian, url }: Wanted,
  { to, sha256, pieces }: InstallRequest,
  signal: AbortSignal,
): Promise<Installed> {
  if (to !== undefined || sha256 !== undefined || pieces !== undefined)
    throw new AstroJobsError('invalid_params', 'Expected --from beside --to, --sha256 and --pieces');
  if (debian !== undefined && (await hasApt())) {
    await installPackage(debian, signal);
    return { series: label, by: 'apt-get', package: debian };
  }
  if (url === undefined)
    throw new AstroJobsError('invalid_params', `Expected --from: ${label} is no published series`);
  const why = debian === undefined ? 'no package of the system holds it' : 'apt-get is not here';
  throw new AstroJobsError(
    'install_failed',
    `${label}: ${why}; type: astro-jobs indexes install ${label} --from ${url}`,
  );
}

async function copyFiles(
  wanted: Wanted,
  { from, to, sha256, indexDir }: InstallRequest & { from: string },
  display: DownloadDisplay,
  signal: AbortSignal,
): Promise<Installed> {
  const sources = await sourcesOf(wanted, from);
  if (sha256 !== undefined && sources.length > 1)
    throw new AstroJobsError(
      'invalid_params',
      `--sha256 is of one file, and these are ${sources.length}: put a file SHA256SUMS beside them`,
    );
  const { folders } = await lookAround(indexDir);
  const folder = await folderToInstallInto(to, folders);
  const files: InstalledFile[] = [];
  for (const source of sources) {
    display.begin(source.name);
    try {
      const expected = sha256 === undefined ? {} : { sha256: sha256.toLowerCase() };
      const onProgress = (done: number, of: number | undefined) => display.progress(done, of);
      files.push(await installFile(source, { folder, wanted, ...expected, signal, onProgress }));
    } catch (error) {
      throw afterOthers(error, files.length, sources.length);
    } finally {
      display.end();
    }
  }
  const searched = folders.some(({ path }) => path === folder);
  return { series: wanted.label, by: 'copy', folder, searched, files };
}

/** What is there stays, and the next call goes on after it. */
function afterOthers(error: unknown, done: number, of: number): unknown {
  if (!(error instanceof AstroJobsError) || done === 0) return error;
  const message = `${error.message} (${done} of ${of} files are installed; the same command goes on after them)`;
  return new AstroJobsError(error.code, message, { cause: error });
}
