import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createClient } from '../../src/client/index.js';
import { SEEDS } from '../image/seeds.js';
import { seededRandom } from '../sky/random.js';

const SERVER = fileURLToPath(new URL('./mutation-server.mjs', import.meta.url));
/** Values that claims in headers are given. */
const CLAIMS = [
  [0xff, 0xff, 0xff, 0xff],
  [0, 0, 0, 0],
  [0x7f, 0xff, 0xff, 0xff],
  [0x20, 0x27, 0x2f],
];

type Uniform = () => number;

/** A file with one to six changes, most of them at its head. */
export function mutated(whole: Buffer, uniform: Uniform): Buffer {
  let bytes = Buffer.from(whole);
  for (let changes = Math.ceil(uniform() * 6); changes > 0; changes--) {
    const reach = uniform() < 0.7 ? Math.min(whole.length, 400) : whole.length;
    const at = Math.min(Math.floor(uniform() * reach), bytes.length);
    const claim = CLAIMS[Math.floor(uniform() * 2 * CLAIMS.length)];
    const patch = Buffer.from(
      claim ?? Array.from({ length: Math.ceil(uniform() * 8) }, () => Math.floor(uniform() * 256)),
    );
    const how = uniform();
    const behind = at + (how < 0.3 ? 0 : patch.length);
    bytes = Buffer.concat([
      bytes.subarray(0, at),
      how > 0.8 ? Buffer.alloc(0) : patch,
      bytes.subarray(behind),
    ]);
  }
  return bytes;
}

export interface MutationOptions {
  /** Mutations of each format. */
  perKind: number;
  /** Timeout of each job, seconds. */
  timeout: number;
  /** Jobs beside each other. */
  concurrency: number;
  /** Sends no more files when it aborts, and reports about those that were sent. */
  cut?: AbortSignal;
  /** Called when so many of each format are done. */
  onRound?(perKind: number, outcomes: MutationOutcomes): void;
}

/** Of one format, before it is the turn of the next. */
const ROUND = 50;

export interface MutationOutcomes {
  /** How many files ended so: `done`, the code of an error, or `refused` with the status of the answer. */
  ended: Map<string, number>;
  /** Seconds by which the slowest job ran past its timeout; negative for within it. */
  latest: number;
  /** Milliseconds for which the server's event loop was held up at most: on the wall, and computing itself. */
  held: { wall: number; own: number };
  /** Bytes of the server at the end. */
  resident: number;
}

async function ask(server: ChildProcess, message: string): Promise<MutationOutcomes> {
  const answer = once(server, 'message') as Promise<[MutationOutcomes]>;
  server.send(message);
  return (await answer)[0];
}

/** Sends files that were changed at random to a real server, as jobs whose preview is asked for too. */
export async function mutationSoak(options: MutationOptions): Promise<MutationOutcomes> {
  const server = fork(SERVER, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const [{ url }] = (await once(server, 'message')) as [{ url: string }];
    await ask(server, 'reset');
    const client = createClient({ baseUrl: url });
    const ended = new Map<string, number>();
    let latest = Number.NEGATIVE_INFINITY;
    const count = (outcome: string) => ended.set(outcome, (ended.get(outcome) ?? 0) + 1);

    const send = async (bytes: Buffer): Promise<void> => {
      let id: string;
      try {
        id = (
          await client.submit(new Blob([new Uint8Array(bytes)]), {
            timeout: options.timeout,
            solver: 'builtin',
          })
        ).job_id;
      } catch (error) {
        return void count(`refused ${(error as { status?: number }).status}`);
      }
      for await (const status of client.watch(id)) {
        if (status.state !== 'done' && status.state !== 'error') continue;
        const { started_at: from = 0, finished_at: to = 0 } = status;
        latest = Math.max(latest, to - from - options.timeout);
        count(status.state === 'done' ? 'done' : (status.error?.code ?? 'no code'));
      }
      const preview = await fetch(new URL(`api/v1/jobs/${id}/preview.jpg`, url));
      await preview.arrayBuffer();
      count(`preview ${preview.status}`);
      await client.remove(id);
    };

    const kinds = await Promise.all(
      Object.values(SEEDS).map(async (make, number) => ({
        whole: await make(),
        uniform: seededRandom(number + 1).uniform,
      })),
    );
    for (let sent = 0; sent < options.perKind && !options.cut?.aborted; sent += ROUND) {
      const round = Math.min(ROUND, options.perKind - sent);
      for (const { whole, uniform } of kinds) {
        const files = Array.from({ length: round }, () => mutated(whole, uniform));
        const work = async () => {
          for (let file = files.pop(); file && !options.cut?.aborted; file = files.pop()) await send(file);
        };
        await Promise.all(Array.from({ length: options.concurrency }, work));
      }
      const { held, resident } = await ask(server, 'tell');
      options.onRound?.(sent + round, { ended, latest, held, resident });
    }
    const { held, resident } = await ask(server, 'tell');
    return { ended, latest, held, resident };
  } finally {
    server.kill('SIGKILL');
  }
}
