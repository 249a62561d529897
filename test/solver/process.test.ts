import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CannotStart, type ProcessOptions, runProcess } from '../../src/process/run-process.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

function shell(script: string, options: Partial<ProcessOptions> = {}) {
  return runProcess({ program: '/bin/sh', args: ['-c', script], cwd: folder, signal: never, ...options });
}

/** Whether a process that was marked with this word in its arguments is alive. */
function alive(word: string): boolean {
  const lines = execFileSync('ps', ['-eo', 'stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.some((line) => line.includes(word) && !line.startsWith('Z') && !line.includes('ps -eo'));
}

let marks = 0;
const mark = () => `mark-${process.pid}-${marks++}`;

describe('a process that ends by itself', () => {
  it('tells its status, its signal and its lines', async () => {
    const lines: string[] = [];
    const end = await shell('echo one; printf "two\\r\\nthree"; echo four >&2; exit 3', {
      onLine: (line, from) => lines.push(`${from} ${line}`),
    });
    expect(end.exitCode).toBe(3);
    expect(lines.sort()).toEqual(['stderr four', 'stdout one', 'stdout three', 'stdout two']);
    expect(await shell('kill -SEGV $$')).toMatchObject({ signal: 'SIGSEGV' });
  });

  it('has its folder for temporary files, the C locale, and nothing to read', async () => {
    const lines: string[] = [];
    await shell('echo "$TMPDIR $LC_ALL"; wc -c', { onLine: (line) => lines.push(line.trim()) });
    expect(lines).toEqual([`${folder} C`, '0']);
  });

  it('hands arguments on as they are', async () => {
    const odd = ['a`id`', '$HOME *', "it's", '"', '\\', '-n', ''];
    const lines: string[] = [];
    await runProcess({
      program: '/bin/sh',
      args: ['-c', 'for word; do printf "<%s>\\n" "$word"; done', 'sh', ...odd],
      cwd: folder,
      signal: never,
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(odd.map((word) => `<${word}>`));
  });

  it('is not waited for when it left a grandchild that holds its pipes', async () => {
    const word = mark();
    const end = await shell(`sh -c 'sleep 600; : ${word}' & echo done`);
    expect(end.exitCode).toBe(0);
    expect(end.seconds).toBeLessThan(60);
    expect(alive(word)).toBe(false);
  });

  it('may flood', async () => {
    let lines = 0;
    let last = '';
    const end = await shell('yes | head -c 30000000', {
      maxOutputBytes: 100_000,
      onLine: (line) => {
        lines++;
        last = line;
      },
    });
    expect(end.exitCode).toBe(0);
    expect(lines).toBeLessThanOrEqual(50_001);
    expect(last).toContain('the rest is not shown');
  });

  it('may write a line without end', async () => {
    const lengths: number[] = [];
    await shell('head -c 1000000 /dev/zero | tr "\\0" x', { onLine: (line) => lengths.push(line.length) });
    expect(Math.max(...lengths)).toBeLessThanOrEqual(16 * 1024);
    expect(lengths.length).toBeGreaterThan(1);
  });
});

describe('a process that cannot be started', () => {
  it('is told from one that fails', async () => {
    const run = (program: string) => runProcess({ program, args: [], cwd: folder, signal: never });
    await expect(run(join(folder, 'missing'))).rejects.toThrow(CannotStart);
    await expect(run('/dev/null')).rejects.toThrow(CannotStart);
    expect(await shell('exit 127')).toMatchObject({ exitCode: 127 });
  });

  it('is not started at all when its time is over', async () => {
    const reason = new Error('too late');
    await expect(shell('touch started', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(readFile(join(folder, 'started'))).rejects.toThrow();
  });
});

describe('a process that is ended', () => {
  const scripts = {
    'is silent': (word: string) => `echo go; sleep 600; : ${word}`,
    'ignores TERM': (word: string) => `trap '' TERM; echo go; sleep 600; sleep 600; : ${word}`,
    'has children that ignore it': (word: string) =>
      `sh -c 'trap "" TERM; sleep 600; sleep 600; : ${word}' & sh -c 'sleep 600; : ${word}' & echo go; wait`,
    floods: (word: string) => `yes go; : ${word}`,
  };
  it.each(Object.entries(scripts))('leaves no process when it %s', async (_, script) => {
    const word = mark();
    const reason = new Error('cancelled');
    const stop = new AbortController();
    const running = shell(script(word), {
      signal: stop.signal,
      killAfterMs: 100,
      onLine: () => stop.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
    expect(alive(word)).toBe(false);
  });

  it('may clean up when it obeys', async () => {
    const stop = new AbortController();
    const running = shell(`trap 'echo bye > farewell; exit 1' TERM; echo go; while :; do sleep 0.05; done`, {
      signal: stop.signal,
      killAfterMs: 5000,
      onLine: () => stop.abort(new Error('stop')),
    });
    await expect(running).rejects.toThrow('stop');
    expect(await readFile(join(folder, 'farewell'), 'utf8')).toBe('bye\n');
  });
});

describe('a host that dies', () => {
  it('leaves no process behind, even when it is killed', async () => {
    const word = mark();
    const module = fileURLToPath(new URL('../../src/process/run-process.ts', import.meta.url));
    const host = spawn(process.execPath, ['--input-type=module', '-e', hostScript(module, word)], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => host.stdout.once('data', resolve));
    expect(alive(word)).toBe(true);
    host.kill('SIGKILL');
    await expect.poll(() => alive(word), { timeout: 20_000 }).toBe(false);
  });
});

/** A program that runs a child through the module under test, compiled by the same tool as the tests. */
function hostScript(module: string, word: string): string {
  return `
    import { createServer } from 'vite';
    const vite = await createServer({ configFile: false, server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom', optimizeDeps: { noDiscovery: true }, logLevel: 'error' });
    const { runProcess } = await vite.ssrLoadModule(${JSON.stringify(module)});
    await runProcess({
      program: '/bin/sh',
      args: ['-c', 'echo go; sleep 600; : ${word}'],
      cwd: '/',
      signal: new AbortController().signal,
      onLine: (line) => console.log(line),
    });`;
}
