import { spawn } from 'node:child_process';
import { AstroJobsError } from 'astro-jobs';

/**
 * Runs a program in a process group of its own, which is gone when the promise settles.
 * @returns {Promise<number | null>} its exit status; null when a signal ended it
 * @throws AstroJobsError `solver_unavailable` when it cannot be started; `signal.reason` when it was ended
 */
export function run(program, args, { scratch, signal, log }) {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: scratch,
      env: { ...process.env, TMPDIR: scratch },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The whole group has ended.
      }
    };
    child.once('error', (cause) => {
      const message = `${program} cannot be started: ${cause.message}`;
      reject(new AstroJobsError('solver_unavailable', message, { cause }));
    });
    if (child.pid === undefined) return;
    signal.addEventListener('abort', end, { once: true });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', log);
    // What it has started may outlive it and hold its pipes, which would then never close.
    child.once('exit', end);
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve(code);
    });
  });
}
