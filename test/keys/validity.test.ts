import { describe, expect, it, vi } from 'vitest';
import { KnownKeys } from '../../src/http/known-keys.js';
import { createSessions } from '../../src/http/sessions.js';
import { issueKey, MemoryKeyStore } from '../../src/index.js';
import { answerOf, smallPicture, testServer } from '../http/support.js';
import { keyedServer } from './support.js';

describe('a key', () => {
  it('lets in until it expires, and then says so', async () => {
    const { ask, issueFor } = await keyedServer();
    const { key } = await issueFor(1, 'read:own');
    expect((await ask(key, '/jobs')).status).toBe(200);
    await expect.poll(async () => (await ask(key, '/jobs')).status, { timeout: 10_000 }).toBe(401);
    expect(await answerOf(ask(key, '/jobs'))).toMatchObject({ ok: false, error_code: 'key_expired' });
  });

  it('lets in no longer once it is revoked, by its cookie neither', async () => {
    const { api, ask, issue, revoke } = await keyedServer();
    const { id, key } = await issue('read:own');
    const entered = await fetch(`${api}/session`, { method: 'POST', body: JSON.stringify({ token: key }) });
    expect(entered.status).toBe(204);
    const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';');
    expect(cookie).not.toContain(key.slice(-20));
    const byCookie = () => fetch(`${api}/jobs`, { headers: { cookie } });
    expect((await byCookie()).status).toBe(200);
    await revoke(id);
    await expect.poll(async () => (await byCookie()).status, { timeout: 10_000 }).toBe(401);
    expect(await answerOf(ask(key, '/jobs'))).toMatchObject({ ok: false, error_code: 'key_revoked' });
    const again = await fetch(`${api}/session`, { method: 'POST', body: JSON.stringify({ token: key }) });
    expect(again.status).toBe(401);
  });

  it('that is revoked ends the streams that it has open', async () => {
    const { ask, send, issue, revoke, solver } = await keyedServer();
    solver.behaviour = 'hang';
    const { id, key } = await issue('submit', 'read:own');
    const { job_id } = await answerOf(send(key));
    const streams = await Promise.all([
      ask(key, `/jobs/${job_id}/events`),
      ask(key, `/jobs/${job_id}/log?follow=1`),
    ]);
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    const ended = streams.map((stream) => stream.text().catch(() => ''));
    await revoke(id);
    const [events] = await Promise.all(ended);
    expect(events).toContain('event: status');
    expect(events).not.toContain('event: settled');
  });

  it('is asked for again after a second, and not before', async () => {
    const store = new MemoryKeyStore();
    const { id } = await issueKey(store, { scopes: ['admin'] });
    const find = vi.spyOn(store, 'find');
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const known = new KnownKeys(store);
    for (now of [0, 1, 999]) expect((await known.find(id))?.revoked_at).toBeUndefined();
    await store.revoke(id, 1);
    expect(find).toHaveBeenCalledTimes(1);
    now = 1000;
    expect((await known.find(id))?.revoked_at).toBe(1);
    vi.restoreAllMocks();
  });
});

describe('a server', () => {
  it('asks for nothing until there is a key, and ever after, whatever becomes of it', async () => {
    const { api, jobs } = await testServer();
    expect((await fetch(`${api}/jobs`)).status).toBe(200);
    expect(await answerOf(fetch(api))).toMatchObject({ needs_token: false });
    const { id } = await issueKey(jobs.store.keys!, { scopes: ['admin'] });
    await expect.poll(async () => (await fetch(`${api}/jobs`)).status, { timeout: 10_000 }).toBe(401);
    expect(await answerOf(fetch(api))).toMatchObject({ needs_token: true });
    await jobs.store.keys!.revoke(id, 1);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await fetch(`${api}/jobs`)).status).toBe(401);
  });

  it('takes the token of the administrator beside keys', async () => {
    const { api, ask, issue, send } = await keyedServer({ token: 'sesame' });
    const { key } = await issue('submit');
    const { job_id } = await answerOf(send(key));
    expect((await ask('sesame', `/jobs/${job_id}`)).status).toBe(200);
    expect((await ask('sesame', '/stats')).status).toBe(200);
    expect((await fetch(`${api}/jobs`)).status).toBe(401);
  });

  it('lets no caller in while its keys cannot be read', async () => {
    const keys = new MemoryKeyStore();
    const { key } = await issueKey(keys, { scopes: ['admin'] });
    const { api } = await testServer({ keys });
    vi.spyOn(keys, 'find').mockRejectedValue(new Error('The disk is gone'));
    vi.spyOn(keys, 'list').mockRejectedValue(new Error('The disk is gone'));
    for (const headers of [{}, { authorization: `Bearer ${key}` }])
      expect((await fetch(`${api}/jobs`, { headers: headers as Record<string, string> })).status).toBe(500);
  });

  it('asks `authorize` alone where there is one, and heeds its scopes', async () => {
    const keys = new MemoryKeyStore();
    const { key } = await issueKey(keys, { scopes: ['admin'] });
    const { api, jobs } = await testServer({
      keys,
      authorize: (request) =>
        request.headers.get('authorization') === 'Bearer ann'
          ? { caller: 'ann', scopes: ['read:own'] }
          : undefined,
    });
    await jobs.submit(await smallPicture(), {}, { rateKey: 'ann' });
    await jobs.submit(await smallPicture(), {}, { rateKey: 'bob' });
    const ask = (token: string, path: string, init?: RequestInit) =>
      fetch(`${api}${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
    expect((await ask(key, '/jobs')).status).toBe(401);
    expect((await answerOf(ask('ann', '/jobs'))).jobs).toHaveLength(1);
    expect((await ask('ann', '/jobs', { method: 'POST', body: 'x' })).status).toBe(403);
  });
});

describe('a session', () => {
  it('gives back what was sealed until it expires, and only to servers on the same keys', async () => {
    const keys = new MemoryKeyStore();
    const [here, there] = [createSessions(keys), createSessions(keys)];
    const session = await here.seal('ajk_secret', 60);
    expect(session).toMatch(/^[\w-]+$/);
    expect(Buffer.from(session, 'base64url').toString('latin1')).not.toContain('ajk_');
    expect(await there.open(session)).toBe('ajk_secret');
    expect(await here.open(await here.seal('ajk_secret', -1))).toBeUndefined();
    expect(await createSessions(new MemoryKeyStore()).open(session)).toBeUndefined();
    expect(await createSessions(undefined).open(session)).toBeUndefined();
    const bytes = Buffer.from(session, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at]! ^= 1;
      expect(await here.open(altered.toString('base64url'))).toBeUndefined();
    }
    for (const text of ['', 'x', 'ä', session.slice(0, 30), 'A'.repeat(10_000)])
      expect(await here.open(text)).toBeUndefined();
  });
});
