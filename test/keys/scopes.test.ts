import { describe, expect, it } from 'vitest';
import { restRoutes } from '../../src/http/rest/routes.js';
import type { Scope } from '../../src/index.js';
import { answerOf, smallPicture } from '../http/support.js';
import { type KeyedServer, keyedServer } from './support.js';

/** What each kind of key is answered: `yes`, or the status of the refusal. */
interface Expected {
  submit: 'yes' | number;
  'read:own': 'yes' | number;
  'read:all': 'yes' | number;
  admin: 'yes' | number;
}

const READ_OWN: Expected = { submit: 403, 'read:own': 'yes', 'read:all': 'yes', admin: 'yes' };
const READ_OTHER: Expected = { submit: 403, 'read:own': 404, 'read:all': 'yes', admin: 'yes' };
const CHANGE_OWN: Expected = { submit: 'yes', 'read:own': 403, 'read:all': 403, admin: 'yes' };
const CHANGE_OTHER: Expected = { submit: 404, 'read:own': 403, 'read:all': 403, admin: 'yes' };
const read = { own: READ_OWN, other: READ_OTHER };
const change = { own: CHANGE_OWN, other: CHANGE_OTHER };
const always = (expected: Expected) => ({ own: expected, other: expected });

const TABLE: Readonly<Record<string, { own: Expected; other: Expected; path?: string }>> = {
  'GET /caller': always({ submit: 'yes', 'read:own': 'yes', 'read:all': 'yes', admin: 'yes' }),
  'GET /stats': always({ submit: 403, 'read:own': 403, 'read:all': 'yes', admin: 'yes' }),
  'GET /queue': always({ submit: 403, 'read:own': 403, 'read:all': 403, admin: 'yes' }),
  'GET /objects': {
    ...always({ submit: 'yes', 'read:own': 'yes', 'read:all': 'yes', admin: 'yes' }),
    path: '/objects?name=M+31',
  },
  'GET /fields': always({ submit: 403, 'read:own': 'yes', 'read:all': 'yes', admin: 'yes' }),
  'GET /sky.svg': always({ submit: 403, 'read:own': 'yes', 'read:all': 'yes', admin: 'yes' }),
  'GET /jobs/:id/exports': read,
  'GET /jobs/:id/exports/:format': { ...read, path: '/jobs/:id/exports/preview' },
  'GET /events': { ...read, path: '/events?job_id=:id' },
  'POST /jobs': always({ submit: 'yes', 'read:own': 403, 'read:all': 403, admin: 'yes' }),
  'POST /jobs/batch': always({ submit: 'yes', 'read:own': 403, 'read:all': 403, admin: 'yes' }),
  'GET /jobs': always({ submit: 403, 'read:own': 'yes', 'read:all': 'yes', admin: 'yes' }),
  'GET /jobs/:id': read,
  'DELETE /jobs/:id': change,
  'POST /jobs/:id/cancel': change,
  'POST /jobs/:id/retry': change,
  'GET /jobs/:id/result': read,
  'GET /jobs/:id/log': read,
  'GET /jobs/:id/events': read,
  'GET /jobs/:id/image': read,
  'GET /jobs/:id/preview.jpg': read,
  'GET /jobs/:id/geometry': read,
  'GET /jobs/:id/annotated.jpg': read,
  'GET /jobs/:id/annotated.png': read,
  'GET /jobs/:id/annotated.webp': read,
  'GET /jobs/:id/annotated.svg': read,
  'GET /jobs/:id/new.fits': read,
  'GET /jobs/:id/files': read,
  'GET /jobs/:id/files/:name': { ...read, path: '/jobs/:id/files/result.json' },
};

const guarded = restRoutes
  .filter(({ action }) => action !== 'none')
  .map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);

/** A settled job of this key; a failed one can be run again. */
async function jobOf({ jobs, solver }: KeyedServer, rateKey: string, fails: boolean): Promise<string> {
  solver.behaviour = fails ? 'fail' : 'solve';
  const { job_id } = await jobs.submit(await smallPicture(), {}, { rateKey });
  await jobs.wait(job_id, { timeout: 30 });
  return job_id;
}

async function bodyOf(route: string): Promise<RequestInit['body']> {
  if (route !== 'POST /jobs' && route !== 'POST /jobs/batch') return undefined;
  const picture = new Uint8Array(await smallPicture());
  if (route === 'POST /jobs') return picture;
  const form = new FormData();
  form.append('image', new Blob([picture]), 'sky.png');
  return form;
}

async function statusOf(server: KeyedServer, key: string | undefined, route: string, id: string) {
  const [method = '', plain = ''] = route.split(' ');
  const path = (TABLE[route]?.path ?? plain).replace(':id', id);
  const body = await bodyOf(route);
  const response = await server.ask(key, path, { method, body });
  await response.arrayBuffer();
  return response;
}

describe('what a key may do', () => {
  it('is said for every route that asks who calls', () => {
    expect(Object.keys(TABLE).toSorted()).toEqual(guarded.toSorted());
  });

  it.each(Object.entries(TABLE))('on %s is what its scopes say', async (route, { own, other }) => {
    const server = await keyedServer();
    const stranger = await server.issue('submit');
    for (const scope of ['submit', 'read:own', 'read:all', 'admin'] as const) {
      const { id, key } = await server.issue(scope);
      for (const [owner, expected] of [
        [id, own[scope]],
        [stranger.id, other[scope]],
      ] as const) {
        const job = await jobOf(server, owner, route.endsWith('/retry'));
        const { status, headers } = await statusOf(server, key, route, job);
        const answer = status < 400 ? 'yes' : status;
        expect([scope, owner === id ? 'own' : 'other', answer]).toEqual([
          scope,
          owner === id ? 'own' : 'other',
          expected,
        ]);
        if (expected === 403) expect(headers.get('www-authenticate')).toContain('insufficient_scope');
      }
    }
    const job = await jobOf(server, stranger.id, false);
    for (const key of [
      undefined,
      'wrong',
      `${stranger.key.slice(0, -1)}g`,
      `${stranger.id}_${'0'.repeat(64)}`,
    ]) {
      const { status, headers } = await statusOf(server, key, route, job);
      expect([key, status]).toEqual([key, 401]);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="astro-jobs"/);
    }
  });

  it('tells the job of another key like one that does not exist', async () => {
    const server = await keyedServer();
    const { id } = await server.issue('submit');
    const { key } = await server.issue('submit', 'read:own');
    const theirs = await jobOf(server, id, false);
    const none = '0123456789ab4cde8f0123456789abcd';
    for (const [method, path] of [
      ['GET', '/jobs/:id'],
      ['GET', '/jobs/:id/result'],
      ['GET', '/jobs/:id/files/result.json'],
      ['POST', '/jobs/:id/cancel'],
      ['DELETE', '/jobs/:id'],
    ] as const) {
      const told = async (job: string) => {
        const response = await server.ask(key, path.replace(':id', job), { method });
        return { status: response.status, text: (await response.text()).replaceAll(job, 'ID') };
      };
      expect(await told(theirs)).toEqual(await told(none));
    }
  });

  it('lists its own jobs alone, page by page, and no damaged ones of others', async () => {
    const server = await keyedServer();
    const [ann, bob] = [await server.issue('submit', 'read:own'), await server.issue('submit', 'read:own')];
    const own: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const { job_id } = await answerOf(server.send(n % 2 === 0 ? ann.key : bob.key));
      if (n % 2 === 0) own.unshift(job_id);
    }
    const first = await answerOf(server.ask(ann.key, '/jobs?limit=2'));
    const second = await answerOf(
      server.ask(ann.key, `/jobs?limit=2&after=${encodeURIComponent(first.next)}`),
    );
    expect([...first.jobs, ...second.jobs].map(({ job_id }) => job_id)).toEqual(own);
    const all = await server.issue('read:all');
    expect((await answerOf(server.ask(all.key, '/jobs'))).jobs).toHaveLength(6);
  });

  it('reaches jobs of others only with `admin`, also where it sees them', async () => {
    const server = await keyedServer();
    const theirs = await jobOf(server, (await server.issue('submit')).id, true);
    const { key } = await server.issue('submit', 'read:all');
    const refused = await server.ask(key, `/jobs/${theirs}`, { method: 'DELETE' });
    expect(refused.status).toBe(403);
    expect(await answerOf(refused)).toMatchObject({ ok: false, error_code: 'forbidden', job_id: theirs });
    expect((await server.ask(key, `/jobs/${theirs}`)).status).toBe(200);
  });

  it('can be asked for, by name and scope', async () => {
    const server = await keyedServer();
    const { id, key } = await server.issue('read:own', 'submit');
    const scopes: Scope[] = ['submit', 'read:own'];
    expect(await answerOf(server.ask(key, '/caller'))).toMatchObject({
      ok: true,
      scopes,
      key: { id, scopes, state: 'valid' },
    });
  });
});
