import { describe, expect, it } from 'vitest';
import { jobIdOfNova } from '../../src/http/nova/ids.js';
import { createSessions } from '../../src/http/sessions.js';
import { novaAnswerOf, smallPicture } from '../http/support.js';
import { type KeyedServer, keyedServer } from './support.js';

const call = (server: KeyedServer, service: string, args: object) =>
  fetch(`${server.url}api/${service}`, {
    method: 'POST',
    body: new URLSearchParams({ 'request-json': JSON.stringify(args) }),
  });

async function login(server: KeyedServer, apikey: string): Promise<string> {
  const answer = await novaAnswerOf(call(server, 'login', { apikey }));
  expect(answer.status).toBe('success');
  return answer.session;
}

async function upload(server: KeyedServer, session: string): Promise<Response> {
  const form = new FormData();
  form.set('request-json', JSON.stringify({ session, publicly_visible: 'n' }));
  form.set('file', new File([new Uint8Array(await smallPicture())], 'm42.png'));
  return fetch(`${server.url}api/upload`, { method: 'POST', body: form });
}

describe('a client of nova', () => {
  it('logs in with a key, and its jobs belong to that key', async () => {
    const server = await keyedServer({ nova: true });
    const [ann, bob] = [await server.issue('submit', 'read:own'), await server.issue('submit', 'read:own')];
    const sessions = [await login(server, ann.key), await login(server, bob.key)] as const;
    expect(sessions[0]).toMatch(/^[\w-]+$/);
    expect(Buffer.from(sessions[0], 'base64url').toString('latin1')).not.toContain('ajk_');
    const [first, second] = [
      await novaAnswerOf(upload(server, sessions[0])),
      await novaAnswerOf(upload(server, sessions[1])),
    ];
    expect((await server.jobs.status(jobIdOfNova(first.subid))).rate_key).toBe(ann.id);
    expect((await novaAnswerOf(call(server, 'myjobs', { session: sessions[0] }))).jobs).toEqual([
      first.subid,
    ]);
    expect((await novaAnswerOf(call(server, 'myjobs', { session: sessions[1] }))).jobs).toEqual([
      second.subid,
    ]);
    // Most clients read without a session: the number of a job is what they have.
    const status = await novaAnswerOf(fetch(`${server.url}api/jobs/${first.subid}`));
    expect(['solving', 'success']).toContain(status.status);
    expect((await server.ask(ann.key, `/jobs/${jobIdOfNova(first.subid)}`)).status).toBe(200);
    expect((await server.ask(bob.key, `/jobs/${jobIdOfNova(first.subid)}`)).status).toBe(404);
  });

  it('is told in nova’s own form what is wrong with a key or a session', async () => {
    const server = await keyedServer({ nova: true });
    const sessions = createSessions(server.jobs.store.keys);
    const { id, key } = await server.issue('submit');
    const session = await login(server, key);
    const reader = await login(server, (await server.issue('read:own')).key);
    const refused = async (response: Promise<Response>, words: RegExp) => {
      expect((await response).status).toBe(200);
      const answer = (await (await response).json()) as { status: string; errormessage: string };
      expect(answer).toEqual({ status: 'error', errormessage: expect.stringMatching(words) });
    };
    await refused(call(server, 'login', { apikey: 'anything' }), /no key of this server/);
    await refused(call(server, 'login', {}), /apikey/);
    await refused(upload(server, 'none'), /log in again/);
    await refused(upload(server, Buffer.from(key).toString('base64url')), /log in again/);
    await refused(upload(server, await sessions.seal(key, -1)), /log in again/);
    await refused(upload(server, reader), /`submit`/);
    await refused(call(server, 'myjobs', { session }), /`read:own`/);
    expect(await novaAnswerOf(upload(server, session))).toMatchObject({ status: 'success' });
    await server.revoke(id);
    const isRefused = async () => (await novaAnswerOf(upload(server, session))).status;
    await expect.poll(isRefused, { timeout: 10_000 }).toBe('error');
    await refused(upload(server, session), /revoked/);
  });

  it('reads only what its key may see where readers need a session', async () => {
    const server = await keyedServer({ nova: { publicReads: false } });
    const [ann, bob] = [await server.issue('submit', 'read:own'), await server.issue('submit', 'read:own')];
    const [mine, theirs] = [await login(server, ann.key), await login(server, bob.key)];
    const { subid } = await novaAnswerOf(upload(server, mine));
    await server.jobs.wait(jobIdOfNova(subid), { timeout: 30 });
    for (const service of [`jobs/${subid}`, `jobs/${subid}/info`, `submissions/${subid}`]) {
      expect((await call(server, service, { session: mine })).status).toBe(200);
      expect((await call(server, service, { session: theirs })).status).toBe(404);
      expect(await novaAnswerOf(call(server, service, {}))).toMatchObject({ status: 'error' });
    }
    const images = (session: string) => novaAnswerOf(call(server, 'submission_images', { session, subid }));
    expect((await images(mine)).status).toBe('success');
    expect((await images(theirs)).status).toBe('error');
    const file = (key: string) =>
      fetch(`${server.url}wcs_file/${subid}`, { headers: { authorization: `Bearer ${key}` } });
    expect((await file(ann.key)).status).toBe(200);
    expect((await file(bob.key)).status).toBe(404);
  });
});
