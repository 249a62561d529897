import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobIdOfNova } from '../../src/http/nova/ids.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { smallPicture, testServer, WCS } from './support.js';

/** A solved job that has a nova number. */
async function solved(filename = 'sky.png', options = {}) {
  const server = await testServer({ nova: true, ...options });
  const jobId = jobIdOfNova(4711);
  await server.jobs.submit(await smallPicture(), {}, { filename, jobId });
  await server.jobs.wait(jobId, { timeout: 30 });
  return { ...server, jobId };
}

/** The entries of a ZIP archive, found by its central directory, their sums checked. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf('PK\x05\x06');
  expect(end).toBe(archive.length - 22);
  const entries = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  expect(archive.readUInt32LE(end + 12)).toBe(end - at);
  for (let entry = 0; entry < archive.readUInt16LE(end + 10); entry++) {
    expect(archive.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
    const [size, nameLength, local] = [
      archive.readUInt32LE(at + 24),
      archive.readUInt16LE(at + 28),
      archive.readUInt32LE(at + 42),
    ];
    const name = archive.toString('latin1', at + 46, at + 46 + nameLength);
    expect(archive.toString('latin1', local, local + 4)).toBe('PK\x03\x04');
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(start, start + size);
    expect(crc32(bytes)).toBe(archive.readUInt32LE(at + 16));
    entries.set(name, bytes);
    at += 46 + nameLength;
  }
  return entries;
}

describe('the KMZ of a solved job', () => {
  it('has the picture, and where its corners lie on the sky', async () => {
    const { url } = await solved('<b>sky</b>.png');
    const response = await fetch(`${url}kml_file/4711/`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.google-earth.kmz',
    ]);
    const entries = unzip(Buffer.from(await response.arrayBuffer()));
    expect(await sharp(entries.get('image.jpg')).metadata()).toMatchObject({
      width: 120,
      height: 80,
      format: 'jpeg',
    });
    const kml = String(entries.get('doc.kml'));
    expect(kml).not.toContain('<b>');
    const quad = /<coordinates>(.*)<\/coordinates>/.exec(kml)?.[1]?.split(' ') ?? [];
    const told = quad.map((corner) => corner.split(',').map(Number));
    // Lower left first, counter-clockwise; outer edges of the pixels, which count from 1.
    const corners = (
      [
        [0.5, 80.5],
        [120.5, 80.5],
        [120.5, 0.5],
        [0.5, 0.5],
      ] as const
    ).map(([x, y]) => pixelToSky(WCS, x, y));
    expect(told).toEqual(
      corners.map(([ra, dec]) => [expect.closeTo(ra - 180, 6), expect.closeTo(dec, 6), 0]),
    );
  });

  it('is not there for a job without a solution, or of another number', async () => {
    const server = await testServer({ nova: true });
    server.solver.behaviour = 'fail';
    await server.jobs.submit(await smallPicture(), {}, { jobId: jobIdOfNova(12) });
    await server.jobs.wait(jobIdOfNova(12), { timeout: 30 });
    for (const number of [12, 13]) expect((await fetch(`${server.url}kml_file/${number}`)).status).toBe(404);
  });
});

describe('addresses that clients open in a browser', () => {
  it.each(['user_images', 'status'])('%s leads to the page of the job', async (path) => {
    const { url, jobId } = await solved('sky.png', { basePath: '/astro' });
    for (const end of ['', '/']) {
      const response = await fetch(`${url}${path}/4711${end}`, { redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([302, `/astro/#${jobId}`]);
    }
    expect((await fetch(`${url}${path}/4712`)).status).toBe(404);
  });

  it('annotated_display shows the picture', async () => {
    const { url } = await solved();
    const response = await fetch(`${url}annotated_display/4711`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  });
});
