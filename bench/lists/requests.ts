import { Agent, request } from 'node:http';

export interface Asked {
  /** Below the server's address; followed from page to page where it says so. */
  path: string;
  /** Whose own jobs are listed. @default all */
  caller?: string;
  /** Each asks for the `next` of its page before, over and over. */
  paging?: boolean;
}

export interface Answered {
  perSecond: number;
  /** Milliseconds. */
  median: number;
  p99: number;
  /** Bytes of one answer, the last. */
  bytes: number;
}

const CONNECTIONS = 8;

/** One request; its body. */
export function ask(url: URL, agent: Agent, caller?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = caller === undefined ? {} : { 'x-caller': caller };
    const sent = request(url, { agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('end', () => {
        const body = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${response.statusCode}: ${body.slice(0, 200)}`));
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Asks on eight connections for so many seconds, on each as soon as the answer before is there. */
export async function askFor(
  seconds: number,
  base: string,
  { path, caller, paging }: Asked,
): Promise<Answered> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const took: number[] = [];
  let bytes = 0;
  const until = performance.now() + seconds * 1000;
  const one = async () => {
    let url = new URL(path, base);
    while (performance.now() < until) {
      const started = performance.now();
      const body = await ask(url, agent, caller);
      took.push(performance.now() - started);
      bytes = body.length;
      if (!paging) continue;
      const { next } = JSON.parse(body) as { next?: string };
      url = new URL(path, base);
      if (next !== undefined) url.searchParams.set('after', next);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  const elapsed = (performance.now() - started) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (part: number) => took[Math.floor(part * took.length)] ?? Number.NaN;
  return { perSecond: took.length / elapsed, median: at(0.5), p99: at(0.99), bytes };
}
