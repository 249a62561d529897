import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { pythonWith } from '../../scripts/setup/needs.mjs';
import { parseWcs } from '../../src/wcs/parse.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelsToSky, pixelToSky, skyToPixel, skyToPixels } from '../../src/wcs/tan-sip.js';
import { itWith } from '../needs.js';
import { headerOf } from './support.js';

interface ReferenceCase {
  cards: string[];
  /** x, y, RA, Dec. */
  points: [number, number, number, number][];
}

/** Degrees on the sky. */
const TOLERANCE_DEG = 1e-9;

const script = fileURLToPath(new URL('astropy-reference.py', import.meta.url));
const stored = parseCases(readFileSync(new URL('astropy-reference.jsonl', import.meta.url), 'utf8'));

function parseCases(lines: string): ReferenceCase[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function compare(cases: ReferenceCase[]): { forward: number; inverse: number; points: number } {
  const worst = { forward: 0, inverse: 0, points: 0 };
  for (const { cards, points } of cases) {
    const wcs = parseWcs(headerOf(cards));
    for (const [x, y, ra, dec] of points) {
      const sky = pixelToSky(wcs, x, y);
      worst.forward = Math.max(worst.forward, separation(...sky, ra, dec));
      const pixel = skyToPixel(wcs, ra, dec);
      expect(pixel, cards.join('\n')).toBeDefined();
      // How far on the sky the pixel that was found is from the one that was asked for.
      worst.inverse = Math.max(worst.inverse, separation(...pixelToSky(wcs, ...pixel!), ra, dec));
      expect(Math.hypot(pixel![0] - x, pixel![1] - y), cards.join('\n')).toBeLessThan(1e-6);
      worst.points++;
    }
    const column = (index: 0 | 1 | 2 | 3) => Float64Array.from(points, (point) => point[index]);
    const sky = pixelsToSky(wcs, column(0), column(1));
    const pixels = skyToPixels(wcs, column(2), column(3));
    points.forEach(([x, y, ra, dec], i) => {
      expect([sky.ra_deg[i], sky.dec_deg[i]]).toEqual(pixelToSky(wcs, x, y));
      expect([pixels.x[i], pixels.y[i]]).toEqual(skyToPixel(wcs, ra, dec));
    });
  }
  return worst;
}

describe('agreement with astropy', () => {
  test('on the stored reference values', () => {
    expect(stored.length).toBeGreaterThanOrEqual(200);
    const worst = compare(stored);
    expect(worst.points).toBe(stored.length * 9);
    expect(worst.forward).toBeLessThan(TOLERANCE_DEG);
    expect(worst.inverse).toBeLessThan(TOLERANCE_DEG);
  });

  itWith(['astropy'], 'on fresh headers, live', () => {
    const seed = 20_000 + Math.floor(Math.random() * 10_000);
    const output = execFileSync(pythonWith('astropy')!, [script, String(seed), '60'], {
      maxBuffer: 1 << 26,
      encoding: 'utf8',
    });
    const worst = compare(parseCases(output));
    expect(worst.forward, `seed ${seed}`).toBeLessThan(TOLERANCE_DEG);
    expect(worst.inverse, `seed ${seed}`).toBeLessThan(TOLERANCE_DEG);
  });
});
