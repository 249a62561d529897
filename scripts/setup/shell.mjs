import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const bold = process.stderr.isTTY ? (text) => `\u001b[1m${text}\u001b[0m` : (text) => text;

/** A step begins. */
export function say(text) {
  process.stderr.write(`${bold(`▸ ${text}`)}\n`);
}

/** More about the step, or what a person has to do. */
export function tell(text) {
  process.stderr.write(`${text.replace(/^/gm, '  ')}\n`);
}

/** Where a program is, or undefined. */
export function which(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', program);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {}
  }
  return undefined;
}

/** Whether a program, run without a word, ends with exit status 0. */
export function succeeds(program, ...args) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 60_000 }).status === 0;
}

/** Runs a program before the user's eyes and resolves with its exit status. */
export function run(program, args, { env, cwd = root } = {}) {
  // Ctrl-C reaches the whole foreground group: the program ends by it, and this one lives to tidy up after it.
  const stay = () => {};
  process.on('SIGINT', stay);
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', (error) => {
      tell(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  }).finally(() => process.off('SIGINT', stay));
}

/** Runs a program and ends this process with its exit status if it fails. */
export async function must(program, args, options) {
  const status = await run(program, args, options);
  if (status !== 0) process.exit(status);
}
