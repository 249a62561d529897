import { timingSafeEqual } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSessions } from '../../src/http/sessions.js';
import { novaAnswerOf } from '../http/support.js';
import { type KeyedServer, keyedServer } from './support.js';

// Heard and answered for here: whether a comparison takes the same time for all can be told by what compares, not by a clock.
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) };
});

const compare = vi.mocked(timingSafeEqual);
const TOKEN = 'correct-horse-battery-staple';

interface Shown {
  server: KeyedServer;
  secret: string;
}

const caller = (server: KeyedServer, secret: string) => server.ask(secret, '/caller');
const nova = (server: KeyedServer, service: string, args: object) =>
  fetch(`${server.url}api/${service}`, {
    method: 'POST',
    body: new URLSearchParams({ 'request-json': JSON.stringify(args) }),
  });
const isSuccess = async (response: Promise<Response>) => (await novaAnswerOf(response)).status === 'success';

/** Every place at which a secret is shown, and whether it is believed there. */
const PLACES: Record<string, (shown: Shown) => Promise<boolean>> = {
  'Authorization: Bearer': async ({ server, secret }) => (await caller(server, secret)).status === 200,
  'the form of the page': async ({ server, secret }) => {
    const body = JSON.stringify({ token: secret });
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${server.api}/session`, { method: 'POST', body, headers })).status === 204;
  },
  'the cookie of the page': async ({ server, secret }) => {
    const cookie = `astro_jobs=${await createSessions(server.jobs.store.keys).seal(secret, 60)}`;
    return (await fetch(`${server.api}/caller`, { headers: { cookie } })).status === 200;
  },
  'the login of nova': ({ server, secret }) => isSuccess(nova(server, 'login', { apikey: secret })),
  'a session of nova': async ({ server, secret }) => {
    const session = await createSessions(server.jobs.store.keys).seal(secret, 60);
    const answer = await novaAnswerOf(nova(server, 'myjobs', { session }));
    return answer.status === 'success';
  },
};

/** Differs in its last character only, the last that a comparison comes to which stops at the first difference. */
const nearly = (secret: string) => `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;

describe.each(Object.entries(PLACES))('a secret in %s', (_place, isBelieved) => {
  const secrets: Record<string, (server: KeyedServer) => string | Promise<string>> = {
    'the token': () => TOKEN,
    'a key': async (server) => (await server.issue('admin')).key,
  };
  let server: KeyedServer;
  beforeEach(async () => {
    server = await keyedServer({ token: TOKEN, nova: true });
    compare.mockClear();
  });
  afterEach(() => void compare.mockReset());

  it.each(Object.entries(secrets))('is compared to %s by digests of one length', async (_what, secretOf) => {
    const secret = await secretOf(server);
    for (const shown of [secret, nearly(secret), secret[0] ?? '', `${secret}0`]) {
      compare.mockClear();
      expect(await isBelieved({ server, secret: shown }), shown).toBe(shown === secret);
      expect(compare).toHaveBeenCalled();
      for (const [left, right] of compare.mock.calls)
        expect([left.byteLength, right.byteLength]).toEqual([32, 32]);
    }
  });

  it.each(Object.entries(secrets))(
    'is %s if that comparison says so, and only then',
    async (_what, secretOf) => {
      const secret = await secretOf(server);
      compare.mockReturnValue(false);
      expect(await isBelieved({ server, secret })).toBe(false);
      compare.mockReturnValue(true);
      expect(await isBelieved({ server, secret: nearly(secret) })).toBe(true);
    },
  );
});

describe('a session', () => {
  it('is opened with its whole seal only', async () => {
    const sessions = createSessions(undefined);
    const session = Buffer.from(await sessions.seal(TOKEN, 60), 'base64url');
    expect(await sessions.open(session.toString('base64url'))).toBe(TOKEN);
    for (let at = 0; at < session.length; at++) {
      const altered = Buffer.from(session);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(await sessions.open(altered.toString('base64url')), `byte ${at}`).toBeUndefined();
      expect(
        await sessions.open(session.subarray(0, at).toString('base64url')),
        `${at} bytes`,
      ).toBeUndefined();
    }
  });
});
