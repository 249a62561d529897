import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server started for a test: on loopback, on a free port, with its data in a folder of its own. */
export interface TestServer {
  url: string;
  port: number;
  /** Ends it, waits, and starts it again on the same port and data. `immediate`: as a power cut would. */
  restart(how?: 'fast' | 'immediate', downMs?: number): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const places = [...folders, ...(process.env.PATH ?? '').split(delimiter)];
  return places.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Servers refuse to run as root; then they run as the account that Debian's package made. */
export function accountFor(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

export async function dataFolder(kind: string, account?: { uid: number; gid: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `astro-jobs-${kind}-`));
  if (account) await chown(folder, account.uid, account.gid);
  return folder;
}

export interface Served {
  program: string;
  args: readonly string[];
  account?: { uid: number; gid: number };
  folder: string;
  /** Rejects as long as the server does not answer. */
  ping(): Promise<void>;
  signals: { fast: NodeJS.Signals; immediate: NodeJS.Signals };
}

/** Keeps one server process; no other process is touched. */
export async function serve(served: Served): Promise<Pick<TestServer, 'restart' | 'stop'>> {
  let child: ChildProcess;
  let said = '';
  const start = async () => {
    said = '';
    child = spawn(served.program, [...served.args], {
      cwd: served.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...served.account,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        said = (said + bytes.toString()).slice(-4000);
      });
    }
    const deadline = Date.now() + 30_000;
    for (;;) {
      try {
        return await served.ping();
      } catch (error) {
        if (child.exitCode !== null || Date.now() > deadline) {
          throw new Error(`${served.program} did not start: ${said}`, { cause: error });
        }
        await sleep(50);
      }
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  };
  const last = () => child.kill('SIGKILL');
  await start();
  process.once('exit', last);
  return {
    restart: async (how = 'fast', downMs = 0) => {
      await end(served.signals[how]);
      await sleep(downMs);
      await start();
    },
    stop: async () => {
      process.off('exit', last);
      await end(served.signals.fast);
      await rm(served.folder, { recursive: true, force: true });
    },
  };
}
