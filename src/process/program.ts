import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { runProcess } from './run-process.js';

/** This package's own command of that name, which would ask itself. */
const DROP_IN = /[\\/]dist[\\/]drop-in[\\/][\w-]+\.js$/;

/** The absolute path of an executable file, given by path or by name on the PATH. The drop-in commands of this package are passed over. */
export async function findProgram(wanted: string): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = wanted.includes('/')
    ? [resolve(wanted)]
    : folders.map((folder) => resolve(join(folder, wanted)));
  for (const path of candidates) {
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable && (await stat(path)).isFile() && !DROP_IN.test(await realpath(path))) return path;
  }
  return undefined;
}

/** What a program says to `--version`, or undefined when it says nothing of the kind. */
export async function versionOf(program: string): Promise<string | undefined> {
  let version: string | undefined;
  await runProcess({
    program,
    args: ['--version'],
    cwd: '/',
    signal: AbortSignal.timeout(10_000),
    onLine: (line) => {
      version ??= /(?<!\d)\d+\.\d+\S*/.exec(line)?.[0];
    },
  }).catch(() => undefined);
  return version;
}
