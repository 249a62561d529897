import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, open } from './exchange.js';
import { scheduled } from './scheduled.mjs';

export type Asked = 'submit' | 'result' | 'list';

/** One wait of a client. */
export interface Wait {
  client: number;
  asked: Asked;
  /** Milliseconds; of these the server's first thread computed, and waited for a free processor. */
  ms: number;
  computed: number;
  waited: number;
  /** Whether others misbehaved meanwhile. */
  beside: boolean;
}

export interface GoodClients {
  waits: Wait[];
  /** Jobs that were acknowledged, and that had the result of their own image. */
  acknowledged: number;
  right: number;
  /** What went wrong, in words. */
  failures: string[];
}

/** The last status that an event stream tells. */
async function followed(url: string, from: string): Promise<string> {
  const stream = await open(url, { from }).opened;
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part;
  return /"state":"(done|error)"/.exec(text)?.[1] ?? 'unsettled';
}

export interface GoodClientOptions {
  /** Address of the API. */
  api: string;
  count: number;
  /** The server's. */
  pid: number;
  /** Whether others misbehave at this moment. */
  isBeside(): boolean;
}

/** Clients that submit an image of their own each, follow its events, fetch its result and a list, and begin again. */
export function behaveWell({ api, count, pid, isBeside }: GoodClientOptions) {
  const found: GoodClients = { waits: [], acknowledged: 0, right: 0, failures: [] };
  let ended = false;

  async function round(client: number): Promise<void> {
    const from = `127.2.0.${client + 1}`;
    const before = isBeside();
    const waits: Wait[] = [];
    const timed = async <T>(asked: Asked, act: () => Promise<T>): Promise<T> => {
      const started = { at: performance.now(), ...scheduled(pid) };
      const answer = await act();
      const ended = scheduled(pid);
      waits.push({
        ...{ client, asked, ms: performance.now() - started.at, beside: before },
        computed: ended.computed - started.computed,
        waited: ended.waited - started.waited,
      });
      return answer;
    };
    const body = Buffer.concat([Buffer.from('P5 16 16 255\n'), randomBytes(256)]);
    const sent = await timed('submit', () =>
      exchange(`${api}/jobs?solver=external`, { method: 'POST', body, from }),
    );
    if (sent.status !== 202) throw new Error(`submit: ${sent.status} ${sent.text.slice(0, 200)}`);
    found.acknowledged++;
    const { job_id: id } = JSON.parse(sent.text) as { job_id: string };
    const state = await timed('result', () => followed(`${api}/jobs/${id}/events`, from));
    const result = await exchange(`${api}/jobs/${id}/result`, { from });
    const sum = createHash('sha256').update(body).digest('hex');
    if (state === 'done' && result.text.includes(sum)) found.right++;
    else throw new Error(`result: ${state} ${result.status} ${result.text.slice(0, 200)}`);
    const list = await timed('list', () => exchange(`${api}/jobs?limit=20`, { from }));
    if (list.status !== 200) throw new Error(`list: ${list.status} ${list.text.slice(0, 200)}`);
    // A wait that was partly beside them and partly not compares with nothing.
    if (before === isBeside()) found.waits.push(...waits);
  }

  async function run(client: number): Promise<void> {
    while (!ended) {
      await round(client).catch((error: unknown) => void found.failures.push(String(error)));
      await sleep(100);
    }
  }

  const running = Promise.all(Array.from({ length: count }, (_, client) => run(client)));
  return {
    /** Resolves when what is under way has ended. */
    async end(): Promise<GoodClients> {
      ended = true;
      await running;
      return found;
    },
  };
}
