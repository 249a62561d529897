import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Command lines of the processes that work in a folder: they are in it, or it stands in their arguments or environment. */
export async function processesIn(folder: string): Promise<string[]> {
  const names = await readdir('/proc').catch(() => undefined);
  return names === undefined ? fromPs(folder) : fromProc(folder, names);
}

async function fromProc(folder: string, names: readonly string[]): Promise<string[]> {
  const pids = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
      const [cwd, args, environment] = await Promise.all([
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
        read('cmdline'),
        read('environ'),
      ]);
      return [cwd, args, environment].some((text) => text.includes(folder))
        ? args.replaceAll('\0', ' ').trim()
        : undefined;
    }),
  );
  // A process that has ended and waits to be reaped has no command line.
  return found.filter((args) => args !== undefined && args !== '').map(String);
}

/** Where there is no `/proc`; ps shows the arguments only. */
async function fromPs(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'args=']);
  return stdout.split('\n').filter((args) => args.includes(folder));
}
