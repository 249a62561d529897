import { spawn } from 'node:child_process';
import { AstroJobsError } from '../../job/errors.js';
import { findProgram } from '../../process/program.js';

/** How long apt waits for another program that installs. */
const LOCK_SECONDS = 600;

/** Whether Debian packages can be installed on this system, by a user who may. */
export const hasApt = async (): Promise<boolean> => (await findProgram('apt-get')) !== undefined;

/**
 * Installs a Debian package, asking nothing; what apt says goes to stderr. Waits for other programs that install, up to ten minutes.
 * @throws AstroJobsError `install_failed`, with the command to type where this user may not install packages; `signal.reason`
 * when it was interrupted, after apt has ended: half an installation is worse than a late end
 */
export async function installPackage(name: string, signal: AbortSignal): Promise<void> {
  const program = await findProgram('apt-get');
  if (program === undefined)
    throw new AstroJobsError(
      'install_failed',
      `${name} is a package of Debian and Ubuntu, and apt-get is not here`,
    );
  if (process.getuid?.() !== 0)
    throw new AstroJobsError(
      'install_failed',
      `Only root may install packages; type: sudo apt-get install ${name}`,
    );
  // Its lists may be old; when they cannot be renewed (no network), what it knows may do.
  await apt(program, ['update'], signal);
  const status = await apt(program, ['-y', '--no-install-recommends', 'install', name], signal);
  if (status !== 0)
    throw new AstroJobsError(
      'install_failed',
      `apt-get could not install ${name} (exit status ${status}); its reason stands above`,
    );
}

function apt(program: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const options = ['-q', '-o', 'Dpkg::Use-Pty=0', '-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`];
  return new Promise((resolve, reject) => {
    // stdout is for the document alone.
    const child = spawn(program, [...options, ...args], {
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    });
    child.on('error', (cause) =>
      reject(new AstroJobsError('install_failed', `apt-get: ${cause.message}`, { cause })),
    );
    child.on('close', (code) => {
      if (signal.aborted) reject(signal.reason as Error);
      else resolve(code ?? 1);
    });
  });
}
