import { describe, expect, it } from 'vitest';
import { findObject } from '../../src/catalog/find-object.js';
import { separation } from '../../src/wcs/sphere.js';

/** Positions after SIMBAD, degrees (J2000). */
const KNOWN = [
  ['M 31', 10.6847, 41.2688],
  ['m31', 10.6847, 41.2688],
  ['Messier 31', 10.6847, 41.2688],
  ['andromeda  galaxy', 10.6847, 41.2688],
  ['NGC7000', 314.75, 44.37],
  ['ngc 7000', 314.75, 44.37],
  ['Sharpless 155', 344.2, 62.62],
  ['Sh 2-155', 344.2, 62.62],
  ['Barnard 33', 85.245, -2.457],
  ['Vega', 279.2347, 38.7837],
  ['alpha Ori', 88.7929, 7.4071],
  ['Beta Ori', 78.6345, -8.2016],
] as const;

describe('an object by its name', () => {
  it.each(KNOWN)('%s is where it is', async (name, ra, dec) => {
    const found = await findObject(name);
    expect(found && separation(found.ra_deg, found.dec_deg, ra, dec)).toBeLessThan(0.5);
  });

  it('a constellation is at its figure, and as large', async () => {
    const orion = await findObject('Orion');
    expect(orion).toMatchObject({ type: 'constellation', id: 'Ori' });
    expect(separation(orion!.ra_deg, orion!.dec_deg, 84, 2)).toBeLessThan(6);
    expect(orion!.size_arcmin! / 60).toBeGreaterThan(20);
    expect(await findObject('ursa major')).toMatchObject({ id: 'UMa' });
  });

  it('what has no such name is none', async () => {
    for (const name of ['', 'no such thing', 'M 111', '10.68 41.27'])
      expect(await findObject(name), name).toBeUndefined();
  });
});
