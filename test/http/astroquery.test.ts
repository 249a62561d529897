import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { pythonWith } from '../../scripts/setup/needs.mjs';
import { SolveField } from '../../src/index.js';
import { describeWith } from '../needs.js';
import { separation_deg } from '../sky/projection.js';
import { renderSky } from '../sky/render.js';
import { encodeSky } from '../sky/write.js';
import { novaAnswerOf, testServer } from './support.js';

const run = promisify(execFile);
const CENTRE: [number, number] = [83.7, -5.2];

describeWith(['astroquery'], 'astroquery', () => {
  it('solves a FITS and a source list, and reads their WCS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'astroquery-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    // Rows of a FITS go upwards: unmirrored, its determinant is negative.
    const frame = {
      ra_deg: CENTRE[0],
      dec_deg: CENTRE[1],
      width: 900,
      height: 600,
      pixscale_arcsec: 9,
      orientation_deg: 12,
      parity: -1 as const,
    };
    const sky = renderSky(frame);
    const [image, list] = [join(folder, 'sky.fits'), join(folder, 'list.json')];
    await writeFile(image, await encodeSky(sky, { format: 'fits', bitpix: 16 }));
    const stars = sky.stars.toSorted((a, b) => a.mag - b.mag).slice(0, 120);
    await writeFile(
      list,
      JSON.stringify({ x: stars.map(({ x }) => x), y: stars.map(({ y }) => y), width: 900, height: 600 }),
    );

    const server = await testServer({ nova: true }, { solver: new SolveField(), concurrency: 1 });
    const script = fileURLToPath(new URL('solve-with-astroquery.py', import.meta.url));
    const { stdout } = await run(pythonWith('astroquery')!, [script, server.url, image, list], {
      timeout: 240_000,
      env: { ...process.env, HOME: folder },
    });
    const headers: Record<string, number>[] = JSON.parse(stdout.trim().split('\n').at(-1)!);
    expect(headers).toHaveLength(2);
    for (const header of headers) {
      expect(header).toMatchObject({ IMAGEW: 900, IMAGEH: 600 });
      const [dx, dy] = [450.5 - header.CRPIX1!, 300.5 - header.CRPIX2!];
      const east = header.CD1_1! * dx + header.CD1_2! * dy;
      const north = header.CD2_1! * dx + header.CD2_2! * dy;
      const dec = header.CRVAL2! + north;
      const ra = header.CRVAL1! + east / Math.cos((dec * Math.PI) / 180);
      // A tangent plane taken for flat is good for a tenth of a pixel here, distortion left out for another.
      expect(separation_deg([ra, dec], CENTRE) * 3600).toBeLessThan(9);
      expect(
        3600 * Math.sqrt(Math.abs(header.CD1_1! * header.CD2_2! - header.CD1_2! * header.CD2_1!)),
      ).toBeCloseTo(9, 1);
    }
    // What nova says of a FITS is the solver's own orientation.
    const { jobs } = await novaAnswerOf(fetch(`${server.url}api/myjobs`));
    for (const path of ['rdls_file', 'corr_file', 'red_green_image_display', 'red_green_image_full']) {
      expect((await fetch(`${server.url}${path}/${jobs.at(-1)}`)).status, path).toBe(200);
    }
    const told = await novaAnswerOf(fetch(`${server.url}api/jobs/${jobs.at(-1)}/calibration`));
    expect(told.orientation).toBeCloseTo(12, 0);
    expect(told.parity).toBe(-1);
  }, 300_000);
});
