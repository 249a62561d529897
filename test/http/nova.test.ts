import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { jobIdOfNova, novaIdOf, parseNovaId } from '../../src/http/nova/ids.js';
import { paramsFromNova } from '../../src/http/nova/params.js';
import { isJobId, newJobId, type SolvedResult } from '../../src/index.js';
import { novaAnswerOf, smallPicture, type TestServer, testServer } from './support.js';

const novaServer = (options = {}) => testServer({ nova: true, ...options });

/** What `client.py` sends: Python's urlencode, by POST, for everything but uploads. */
function clientPy(url: string, args: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ 'request-json': JSON.stringify(args) }).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Python-urllib/3.11',
      connection: 'close',
    },
  });
}

const BOUNDARY = '===============1234567890123456789==';

/** Its upload, byte for byte: boundary lines end in LF, headers in CRLF, the last line in LF. */
function clientPyUpload(args: object, filename: string, file: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\nContent-Type: text/plain\r\nMIME-Version: 1.0\r\nContent-disposition: form-data; name="request-json"\r\n\r\n` +
        `${JSON.stringify(args)}\n--${BOUNDARY}\nContent-Type: application/octet-stream\r\nMIME-Version: 1.0\r\n` +
        `Content-disposition: form-data; name="file"; filename="${filename}"\r\n\r\n`,
    ),
    file,
    Buffer.from(`\n--${BOUNDARY}--\n`),
  ]);
}

/** A request as raw bytes on a socket, and all that comes back. */
function raw(server: TestServer, head: string, body: Buffer): Promise<string> {
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.end(Buffer.concat([Buffer.from(head), body])),
    );
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}

async function poll<T>(ask: () => Promise<T>, until: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (until(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('client.py', () => {
  it('logs in, uploads, polls and reads everything', async () => {
    const server = await novaServer();
    const api = `${server.url}api/`;
    const login = await clientPy(`${api}login`, { apikey: 'whatever' });
    expect(login.headers.get('content-type')).toMatch(/^text\/plain/);
    const { status, session } = await novaAnswerOf(login);
    expect(status).toBe('success');

    const file = Buffer.concat([await smallPicture(), Buffer.from('\r')]);
    const args = { allow_commercial_use: 'd', allow_modifications: 'd', publicly_visible: 'y', session };
    const body = clientPyUpload(args, '/home/me/m42.png', file);
    const answer = await raw(
      server,
      `POST /api/upload HTTP/1.1\r\nAccept-Encoding: identity\r\nContent-Length: ${body.length}\r\nHost: ${new URL(api).host}\r\nUser-Agent: Python-urllib/3.11\r\nContent-Type: multipart/form-data; boundary="${BOUNDARY}"\r\nConnection: close\r\n\r\n`,
      body,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    const uploaded = JSON.parse(/\{.*\}/s.exec(answer)![0]);
    expect(uploaded).toMatchObject({ status: 'success', subid: expect.any(Number) });
    expect(uploaded.hash).toBe(createHash('sha1').update(file).digest('hex'));

    const post = async (service: string, more = {}) => {
      const response = await clientPy(`${api}${service}`, { session, ...more });
      expect(response.status, service).toBe(200);
      return novaAnswerOf(response);
    };
    const submission = await poll(
      () => post(`submissions/${uploaded.subid}`),
      ({ jobs }) => jobs.length > 0 && jobs[0] !== null,
    );
    const [job] = submission.jobs;
    assert(job !== undefined && job !== null);
    expect(Number.isInteger(job) && job > 0 && job < 2 ** 31).toBe(true);
    const statuses = new Set<string>();
    await poll(
      () => post(`jobs/${job}`),
      (told) => !!statuses.add(told.status) && ['success', 'failure'].includes(told.status),
    );
    expect([...statuses].at(-1)).toBe('success');
    expect(await post(`jobs/${job}/calibration`)).toMatchObject({
      ra: expect.closeTo(100.2, 1),
      dec: expect.closeTo(9.9, 1),
      pixscale: expect.closeTo(10, 3),
      width_arcsec: expect.closeTo(1200, 0),
      height_arcsec: expect.closeTo(800, 0),
      // North is up: the solver says 180 of the rows as stored, nova 0 of the picture as seen.
      orientation: expect.closeTo(0, 5),
      parity: 1,
    });
    expect((await server.jobs.result(jobIdOfNova(job))) as SolvedResult).toMatchObject({
      astrometry: { orientation_deg: 180 },
    });
    expect(await post(`jobs/${job}/tags`)).toEqual({ tags: expect.any(Array) });
    expect(await post(`jobs/${job}/machine_tags`)).toEqual({ tags: expect.any(Array) });
    expect((await post(`jobs/${job}/objects_in_field`)).objects_in_field.length).toBeGreaterThan(0);
    const { annotations } = await post(`jobs/${job}/annotations`);
    expect(annotations[0]).toMatchObject({
      type: expect.any(String),
      names: expect.any(Array),
      pixelx: expect.any(Number),
      pixely: expect.any(Number),
      radius: expect.any(Number),
    });
    expect(await post(`jobs/${job}/info`)).toMatchObject({
      status: 'success',
      original_filename: 'm42.png',
      calibration: { parity: 1 },
    });
    expect(await post('myjobs/')).toMatchObject({ status: 'success', jobs: [job] });
    expect(await post('submission_images', { subid: uploaded.subid })).toMatchObject({
      image_ids: [expect.any(Number)],
    });
    expect(
      (await novaAnswerOf(clientPy(`${api}jobs_by_tag?query=no+such+thing&`, { session }))).job_ids,
    ).toEqual([]);
    expect(
      (await (await server.jobs.image(jobIdOfNova(job))).read().toArray().then(Buffer.concat)).equals(file),
    ).toBe(true);
    for (const path of ['wcs_file', 'new_fits_file', 'axy_file', 'image_rd_file']) {
      const response = await fetch(`${server.url}${path}/${job}`);
      expect([response.status, response.headers.get('content-type')], path).toEqual([
        200,
        'application/fits',
      ]);
      expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
      expect((await response.text()).slice(0, 9), path).toBe('SIMPLE  =');
    }
    for (const path of [
      'annotated_display',
      'annotated_full',
      'grid_display',
      'grid_full',
      'extraction_image_display',
      'extraction_image_full',
    ]) {
      const response = await fetch(`${server.url}${path}/${job}`);
      expect(
        Buffer.from(await response.arrayBuffer())
          .subarray(0, 2)
          .toString('hex'),
        path,
      ).toBe('ffd8');
    }
    expect(await (await fetch(`${server.url}joblog/${job}`)).text()).toContain('scripted');
  });

  it('is told of errors with status 200, of unknown numbers with 404', async () => {
    const server = await novaServer({ token: 'key' });
    const told = async (service: string, args: object) => {
      const response = await clientPy(`${server.url}api/${service}`, args);
      return [response.status, (await novaAnswerOf(response)).status];
    };
    expect(await told('login', { apikey: 'wrong' })).toEqual([200, 'error']);
    expect(await told('login', {})).toEqual([200, 'error']);
    expect(await told('upload', { session: 'x' })).toEqual([200, 'error']);
    expect(
      await told('url_upload', {
        session: Buffer.from('key').toString('base64url'),
        url: 'http://example.org/a.jpg',
      }),
    ).toEqual([200, 'error']);
    for (const id of ['1', '0', '99999999999', '-1', 'abc', '1e3'])
      expect((await told(`jobs/${id}`, {}))[0], id).toBe(404);
    expect((await fetch(`${server.url}wcs_file/17`)).status).toBe(404);
    const { session } = await novaAnswerOf(clientPy(`${server.url}api/login`, { apikey: 'key' }));
    expect(await told('myjobs/', { session })).toEqual([200, 'success']);
    expect(await told('myjobs/', {})).toEqual([200, 'error']);
  });
});

describe('N.I.N.A.', () => {
  it('uploads by CRLF multipart without hints, and reads the calibration below a slash', async () => {
    const server = await novaServer();
    const api = `${server.url}api`;
    const form = (args: object) => ({
      method: 'POST',
      body: new URLSearchParams({ 'request-json': JSON.stringify(args) }),
    });
    const { session } = await novaAnswerOf(fetch(`${api}/login/`, form({ apikey: 'k' })));
    const boundary = '---------------------------8dc1a2b3c4d5e6f';
    const body = Buffer.concat([
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Disposition: form-data; name="request-json"\r\n\r\n{"publicly_visible": "n", "allow_modifications": "d", "session": "${session}", "allow_commercial_use": "d"}`,
      ),
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="C:\\Users\\me\\AppData\\tmp.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
      ),
      await smallPicture(),
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const upload = await fetch(`${api}/upload`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    });
    const { status, subid } = await novaAnswerOf(upload);
    expect(status).toBe('success');
    const { jobs } = await novaAnswerOf(fetch(`${api}/submissions/${subid}`));
    await poll(
      async () => novaAnswerOf(fetch(`${api}/jobs/${jobs[0]}`)),
      ({ status }) => status === 'success',
    );
    const calibration = await fetch(`${api}/jobs/${jobs[0]}/calibration/`);
    expect(calibration.status).toBe(200);
    expect(Object.keys(await novaAnswerOf(calibration)).toSorted()).toEqual([
      'dec',
      'height_arcsec',
      'orientation',
      'parity',
      'pixscale',
      'ra',
      'radius',
      'width_arcsec',
    ]);
    expect(await server.jobs.status(jobIdOfNova(subid))).toMatchObject({
      params: { scale_low: null, scale_high: null, use_metadata: true },
    });
  });
});

describe('Ekos and StellarSolver', () => {
  it('logs in with bare JSON, uploads a source list, and polls while it is solving', async () => {
    const server = await novaServer({ token: 'a+b%c&d' });
    server.solver.behaviour = 'hang';
    const api = `${server.url}api`;
    const login = await fetch(`${api}/login`, {
      method: 'POST',
      body: 'request-json={"apikey" : "a+b%c&d"}',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const { status, session } = await novaAnswerOf(login);
    expect(status).toBe('success');

    const { encodeSourceList } = await import('../../src/index.js');
    const list = Buffer.from(encodeSourceList({ x: [10, 60, 90, 30], y: [20, 40, 70, 60] }));
    const boundary = 'boundary_.oOo._MjEyNDQ2';
    const settings = {
      session,
      allow_commercial_use: 'n',
      publicly_visible: 'n',
      scale_units: 'arcminwidth',
      scale_type: 'ul',
      scale_lower: 10,
      scale_upper: 30,
      center_ra: 0,
      center_dec: 0,
      radius: 15,
      image_width: 120,
      image_height: 80,
    };
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="request-json"\r\nContent-Type: application/text/plain\r\n\r\n${JSON.stringify(settings)}\r\n`,
      ),
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="image.xyls"\r\nContent-Type: application/octet-stream\r\n\r\n`,
      ),
      list,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]);
    const { subid } = await novaAnswerOf(
      fetch(`${api}/upload`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
      }),
    );
    const submission = await novaAnswerOf(fetch(`${api}/submissions/${subid}`));
    expect(submission.processing_finished).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    const [job = 0] = submission.jobs;
    expect(job).toBeGreaterThan(0);
    expect(await novaAnswerOf(fetch(`${api}/jobs/${job}`))).toEqual({ status: 'solving' });
    expect((await server.jobs.status(jobIdOfNova(job))).params).toMatchObject({
      scale_units: 'arcminwidth',
      scale_low: 10,
      scale_high: 30,
      ra: 0,
      dec: 0,
      radius: 15,
      image_width: 120,
      image_height: 80,
    });
    await server.jobs.cancel(jobIdOfNova(job));
    expect(await novaAnswerOf(fetch(`${api}/jobs/${job}`))).toEqual({ status: 'failure' });
    expect(await novaAnswerOf(fetch(`${api}/jobs/${job}/calibration`))).toEqual({
      error: expect.stringContaining('no calibration'),
    });
    expect(await novaAnswerOf(fetch(`${api}/submissions/${job}`))).toMatchObject({
      error_message: expect.any(String),
    });
  });
});

describe('privacy', () => {
  it('asks readers for a session where the owner wants it', async () => {
    const server = await testServer({ nova: { publicReads: false }, token: 'key' });
    const { session } = await novaAnswerOf(clientPy(`${server.url}api/login`, { apikey: 'key' }));
    const list = { session, x: [1, 2, 3, 50], y: [4, 5, 6, 70], image_width: 100, image_height: 100 };
    const { subid } = await novaAnswerOf(clientPy(`${server.url}api/url_upload`, list));
    const bare = await novaAnswerOf(fetch(`${server.url}api/jobs/${subid}`));
    expect(bare.status).toBe('error');
    const known = await novaAnswerOf(clientPy(`${server.url}api/jobs/${subid}`, { session }));
    expect(['solving', 'success', 'failure']).toContain(known.status);
    expect((await fetch(`${server.url}joblog/${subid}`)).status).toBe(401);
  });
});

describe('numbers', () => {
  it('and job ids follow from one another', () => {
    for (const nova of [1, 2, 255, 65_537, 2 ** 31 - 1]) {
      const id = jobIdOfNova(nova);
      expect(isJobId(id)).toBe(true);
      expect(novaIdOf(id)).toBe(nova);
    }
    expect(new Set(Array.from({ length: 1000 }, (_, i) => jobIdOfNova(i + 1))).size).toBe(1000);
    expect(novaIdOf(newJobId())).toBeUndefined();
    expect(() => parseNovaId('2147483648')).toThrow('Job not found');
  });
});

describe('settings', () => {
  it.each([
    [{}, { scale_units: 'degwidth' }],
    [
      { scale_type: 'ul', scale_lower: 0.5, scale_upper: '2' },
      { scale_units: 'degwidth', scale_low: 0.5, scale_high: 2 },
    ],
    [
      { scale_type: 'ev', scale_est: 10, scale_err: 20, scale_units: 'arcsecperpix' },
      { scale_units: 'arcsecperpix', scale_low: 8, scale_high: 12 },
    ],
    [
      { center_ra: 0, center_dec: 0, radius: 5 },
      { scale_units: 'degwidth', ra: 0, dec: 0, radius: 5 },
    ],
    [{ center_ra: 10, center_dec: 20 }, { scale_units: 'degwidth' }],
    [{ parity: 0 }, { scale_units: 'degwidth', parity: -1 }],
    [{ parity: 1 }, { scale_units: 'degwidth', parity: 1 }],
    [{ parity: 2, crpix_center: true, album: 'x', invert: false }, { scale_units: 'degwidth' }],
    [{ invert: true }, { scale_units: 'degwidth', invert: true }],
    [{ invert: 'True' }, { scale_units: 'degwidth', invert: true }],
    [
      { downsample_factor: 3, tweak_order: 0 },
      { scale_units: 'degwidth', downsample: 3, tweak_order: 0 },
    ],
  ])('%j', (given, expected) => {
    expect(paramsFromNova(given)).toEqual(expected);
  });

  it('are refused when they are no numbers', () => {
    expect(() => paramsFromNova({ scale_lower: 'wide' })).toThrow(/scale_lower/);
    expect(() => paramsFromNova({ scale_units: 'parsecs' })).toThrow(/degwidth/);
  });
});
