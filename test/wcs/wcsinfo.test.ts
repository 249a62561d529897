import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { headerOf } from './support.js';

interface Solved {
  cards: string[];
  wcsinfo: Record<string, string>;
}

const solved: Solved[] = readFileSync(new URL('wcsinfo-reference.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Equal to the last digit that was printed. */
function expectPrinted(found: number, printed = 'nothing'): void {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([-+]?\d+))?$/.exec(printed) ?? [];
  const lastDigit = 10 ** (Number(exponent) - fraction.length);
  expect(Math.abs(found - Number(printed)), `${found} for ${printed}`).toBeLessThanOrEqual(
    0.5000001 * lastDigit,
  );
}

describe('solutions of solve-field, and what its wcsinfo says of them', () => {
  test.each(solved.map((one, i) => [i, one] as const))('field %i', (_, { cards, wcsinfo }) => {
    const wcs = parseWcs(headerOf(cards));
    const geometry = fieldGeometry(wcs, { rowOrder: 'bottom-up' });
    expect([wcs.width, wcs.height]).toEqual([Number(wcsinfo.imagew), Number(wcsinfo.imageh)]);
    expect(wcsinfo.fieldunits).toBe('degrees');
    expectPrinted(geometry.ra_center, wcsinfo.ra_center);
    expectPrinted(geometry.dec_center, wcsinfo.dec_center);
    expectPrinted(geometry.pixscale_arcsec, wcsinfo.pixscale);
    expectPrinted(geometry.orientation_deg, wcsinfo.orientation);
    expectPrinted(geometry.fov_deg[0], wcsinfo.fieldw);
    expectPrinted(geometry.fov_deg[1], wcsinfo.fieldh);
    expectPrinted(geometry.parity, wcsinfo.parity);
    const { CD1_1, CD1_2, CD2_1, CD2_2 } = geometry.cd_matrix;
    expectPrinted(CD1_1 * CD2_2 - CD1_2 * CD2_1, wcsinfo.det);
    const corners = geometry.corners!.map(([ra, dec]) =>
      separation(geometry.ra_center, geometry.dec_center, ra, dec),
    );
    expect(geometry.radius_deg).toBe(Math.max(...corners));
    expect(geometry.corners![0]).toEqual(pixelToSky(wcs, 0.5, wcs.height + 0.5));
  });
});
