import { describe, expect, it } from 'vitest';
import { merge } from '../../src/http/sse.js';
import { testServer } from './support.js';

/** Items at once, then nothing until the signal is aborted, which it answers with an error as `watch` does. */
const untilAborted = (items: string[]) =>
  async function* (signal: AbortSignal): AsyncGenerator<string> {
    yield* items;
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (signal.aborted) reject(signal.reason);
    });
  };

async function* failing(): AsyncGenerator<string> {
  yield 'first';
  throw new Error('The store is gone');
}

/** Rejections that no handler took, as the process learns of them a turn later. */
async function unhandled(during: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => seen.push(reason));
  try {
    await during();
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
  return seen;
}

describe('merged sources', () => {
  it('that are aborted while the reader holds an item reject nowhere else', async () => {
    const seen = await unhandled(async () => {
      const leave = new AbortController();
      const merged = merge(leave.signal, [untilAborted(['a']), untilAborted([])]);
      await merged.next();
      leave.abort(new Error('The client has gone'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await merged.return(undefined);
    });
    expect(seen).toEqual([]);
  });

  it('end together when one of them fails', async () => {
    const merged = merge(new AbortController().signal, [untilAborted(['a']), failing]);
    const read = async () => {
      const items: string[] = [];
      for await (const item of merged) items.push(item);
    };
    await expect(read()).rejects.toThrow('The store is gone');
  });

  it('end when the reader leaves, though none of them has', async () => {
    const merged = merge(new AbortController().signal, [untilAborted(['a']), untilAborted([])]);
    for await (const item of merged) {
      expect(item).toBe('a');
      break;
    }
  });
});

describe('the events of many jobs', () => {
  it('come on one connection without a warning', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    const server = await testServer({}, { concurrency: 1 });
    server.solver.behaviour = 'hang';
    const ids = await Promise.all(Array.from({ length: 12 }, () => server.submit()));
    const leave = new AbortController();
    const query = ids.map((id) => `job_id=${id}`).join('&');
    const response = await fetch(`${server.api}/events?${query}`, { signal: leave.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!ids.every((id) => text.includes(id))) text += (await reader.read()).value ?? '';
    leave.abort();
    process.off('warning', warn);
    expect(warnings.map(String)).toEqual([]);
  });
});

describe('a client that leaves', () => {
  it('takes nothing with it, whichever stream it had open', async () => {
    const server = await testServer({}, { concurrency: 3 });
    server.solver.behaviour = 'hang';
    const ids = await Promise.all([server.submit(), server.submit(), server.submit()]);
    const several = `events?${ids.map((id) => `job_id=${id}`).join('&')}`;
    const seen = await unhandled(async () => {
      for (const path of [several, `jobs/${ids[0]}/events`, `jobs/${ids[0]}/log?follow=1`]) {
        for (let attempt = 0; attempt < 10; attempt++) {
          const leave = new AbortController();
          const response = await fetch(`${server.api}/${path}`, { signal: leave.signal });
          await response.body?.getReader().read();
          leave.abort();
        }
      }
      // A change in every job wakes whatever still watches it.
      for (const id of ids) await server.jobs.cancel(id);
      expect((await fetch(`${server.api}/health`)).status).toBe(200);
    });
    expect(seen).toEqual([]);
  });
});
