// A process of clients that misbehave, each from an address of its own: `misbehaving.ts URL COUNT JOB_ID`, until it is killed.
import { connect } from 'node:net';
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { SEEDS } from '../image/seeds.js';
import { exchange, open } from './exchange.js';
import { mutated } from './mutations.js';

const [url = '', count = '0', jobId = ''] = argv.slice(2);
const api = `${url}api/v1`;
const { hostname, port } = new URL(url);
const between = (low: number, high: number) => low + Math.random() * (high - low);
/** Answers that a client must not have had: what it sent was let in. */
let letIn = 0;
let done = 0;

function rawSocket(from: string, bytes: string) {
  const socket = connect({ host: hostname, port: Number(port), localAddress: from }, () =>
    socket.write(bytes),
  );
  socket.on('error', () => {});
  return socket;
}

const uploadHead = (length: number) =>
  `POST /api/v1/jobs HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`;

/** One deed each; done again as long as the process lives. */
const BEHAVIOURS: readonly ((from: string) => Promise<unknown>)[] = [
  async function abandonsStreams(from) {
    const path = Math.random() < 0.5 ? `/jobs/${jobId}/events` : `/events?job_id=${jobId}`;
    const streams = Array.from({ length: 5 }, () => open(`${api}${path}`, { from }));
    await sleep(between(5, 300));
    for (const { outgoing } of streams) outgoing.destroy();
  },
  async function sendsHalfUploads(from) {
    const socket = rawSocket(from, uploadHead(500_000));
    socket.write(Buffer.alloc(between(1, 400_000), 7));
    await sleep(between(50, 4000));
    socket.destroy();
  },
  async function sendsSlowly(from) {
    const socket = rawSocket(from, uploadHead(10_000));
    for (let sent = 0; sent < 40 && !socket.destroyed; sent++) {
      socket.write('x');
      await sleep(250);
    }
    socket.destroy();
  },
  async function readsSlowly(from) {
    const get = `GET /api/v1/jobs?limit=1000 HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`;
    const socket = rawSocket(from, get.repeat(8));
    socket.pause();
    await sleep(between(1000, 8000));
    socket.destroy();
  },
  async function floods(from) {
    const paths = [`/jobs/${jobId}`, '/jobs?limit=100', '/stats', '/nothing'];
    const one = (_: unknown, at: number) => exchange(`${api}${paths[at % paths.length]}`, { from });
    await Promise.all(Array.from({ length: 40 }, one));
    await sleep(100);
  },
  async function comesFromAnotherOrigin(from) {
    const origin = { origin: 'http://evil.example' };
    const headers: Record<string, string> =
      Math.random() < 0.5 ? origin : { ...origin, host: 'evil.example' };
    const { status } = await exchange(`${api}/jobs`, {
      method: 'POST',
      headers,
      body: Buffer.from('P5 1 1 255\nx'),
      from,
    });
    if (status < 400) letIn++;
    await sleep(50);
  },
  async function sendsDamagedPictures(from) {
    const seeds = Object.values(SEEDS);
    const whole = await seeds[Math.floor(Math.random() * seeds.length)]!();
    const body = mutated(whole, Math.random);
    const sent = await exchange(`${api}/jobs?solver=builtin&timeout=10`, { method: 'POST', body, from });
    if (sent.status !== 202) return;
    const { job_id } = JSON.parse(sent.text) as { job_id: string };
    await exchange(`${api}/jobs/${job_id}/result?wait=30`, { from });
    await exchange(`${api}/jobs/${job_id}/preview.jpg`, { from });
  },
];

async function misbehave(_: unknown, index: number): Promise<void> {
  const from = `127.1.0.${index + 1}`;
  const behave = BEHAVIOURS[index % BEHAVIOURS.length]!;
  for (;;) {
    // Being refused, or cut off, is what it deserves.
    await behave(from).catch(() => sleep(20));
    done++;
  }
}

setInterval(() => process.send?.({ done, letIn }), 500);
await Promise.all(Array.from({ length: Number(count) }, misbehave));
