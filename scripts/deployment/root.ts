import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface InRoot {
  env: Record<string, string>;
  /** `uid:gid` */
  user: string;
  workdir: string;
  /** Nothing of the root can be changed but these folders, which are empty file systems in memory. */
  writable?: readonly string[];
}

/** Without it the shell's own mounts would be seen by the machine. */
const UNSHARE = ['--mount', '--pid', '--fork', '--kill-child'];

/** The commands that lead into a root as its process 1, as a container has it. */
function commandLine(
  root: string,
  argv: readonly string[],
  { env, user, workdir, writable }: InRoot,
): string[] {
  const mounts = [`mount -t proc proc '${root}/proc'`];
  if (writable) {
    mounts.unshift(`mount --bind '${root}' '${root}'`, `mount -o remount,bind,ro '${root}'`);
    for (const folder of writable) mounts.push(`mount -t tmpfs -o mode=1777 tmpfs '${root}${folder}'`);
  }
  const script = `${mounts.join(' && ')} && exec "$@"`;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const inside = ['env', '-i', ...variables, 'sh', '-c', 'cd "$0" && exec "$@"', workdir, ...argv];
  return [...UNSHARE, 'sh', '-c', script, 'sh', 'chroot', `--userspec=${user}`, root, ...inside];
}

/** Runs a command in a root to its end. @throws Error when it fails */
export function runIn(root: string, argv: readonly string[], options: InRoot): string {
  return execFileSync('unshare', commandLine(root, argv, options), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 900_000,
    maxBuffer: 64 * 2 ** 20,
  });
}

/** Starts a command in a root. */
export function startIn(root: string, argv: readonly string[], options: InRoot): ChildProcess {
  return spawn('unshare', commandLine(root, argv, options), { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Sends a signal to process 1 of what `startIn` has started. */
export function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  const inside = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
  if (inside > 1) process.kill(inside, name);
}

/** Gives a root the Node of this machine, its npm included, and a user for it: what stands in for the image `node`. */
export function installNode(root: string): void {
  const node = realpathSync(process.execPath);
  const npm = dirname(dirname(realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim())));
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  cpSync(node, join(root, 'usr/local/bin/node'));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  appendFileSync(join(root, 'etc/passwd'), 'node:x:1000:1000::/home/node:/bin/sh\n');
  appendFileSync(join(root, 'etc/group'), 'node:x:1000:\n');
  for (const name of ['npm', 'npx'])
    execFileSync('ln', [
      '-sf',
      `../lib/node_modules/npm/bin/${name}-cli.js`,
      join(root, 'usr/local/bin', name),
    ]);
}
