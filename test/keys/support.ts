import type { ServeOptions } from '../../src/http/index.js';
import { issueKey, type Scope } from '../../src/index.js';
import { smallPicture, type TestServer, testServer } from '../http/support.js';

export interface KeyedServer extends TestServer {
  issue(...scopes: Scope[]): Promise<{ id: string; key: string }>;
  issueFor(seconds: number, ...scopes: Scope[]): Promise<{ id: string; key: string }>;
  revoke(id: string): Promise<void>;
  /** A request by a key; without one by no key. */
  ask(key: string | undefined, path: string, init?: RequestInit): Promise<Response>;
  /** Submits over HTTP. */
  send(key: string, path?: string, headers?: Record<string, string>): Promise<Response>;
}

/** A server that asks for keys: there is one of the administrator's from the start. */
export async function keyedServer(options: ServeOptions = {}): Promise<KeyedServer> {
  const server = await testServer(options, { isolation: 'none' });
  const keys = server.jobs.store.keys;
  if (!keys) throw new Error('The store of the test server has no keys');
  const ask = (key: string | undefined, path: string, init: RequestInit = {}) =>
    fetch(`${server.api}${path}`, {
      ...init,
      headers: { ...init.headers, ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    });
  await issueKey(keys, { name: 'first', scopes: ['admin'] });
  return {
    ...server,
    issue: (...scopes) => issueKey(keys, { scopes }),
    issueFor: (expiresSeconds, ...scopes) => issueKey(keys, { scopes, expiresSeconds }),
    async revoke(id) {
      await keys.revoke(id, Date.now() / 1000);
    },
    ask,
    send: async (key, path = '/jobs', headers = {}) =>
      ask(key, path, {
        method: 'POST',
        body: new Uint8Array(await smallPicture()),
        headers: { 'content-type': 'application/octet-stream', ...headers },
      }),
  };
}
