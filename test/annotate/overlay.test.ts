import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type OverlayOptions, overlaySvg } from '../../src/annotate/overlay.js';
import { OBJECT_KINDS } from '../../src/catalog/kinds.js';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import { crossings, equatorialGrid } from '../../src/wcs/grid.js';
import { separation } from '../../src/wcs/sphere.js';
import { createView } from '../../src/wcs/view.js';
import { frame } from '../catalog/support.js';
import { framedWcs } from '../sky/projection.js';
import { resultOf } from './support.js';

const display = { rowOrder: 'top-down' } as const;
const orion = frame(84, -3, 8);
const draw = (options: Partial<OverlayOptions> = {}) =>
  overlaySvg(resultOf(orion, display), orion, { display, width: 1200, ...options });

describe('the overlay as a document', () => {
  test('has groups that can be switched, and titles that tell what is under the pointer', () => {
    const { svg } = draw();
    for (const id of [
      'grid',
      'objects-star',
      'objects-nebula',
      'objects-cluster',
      'objects-dark-nebula',
      'caption',
      'scale',
      'compass',
    ])
      expect(svg.match(new RegExp(`<g id="${id}"`, 'g'))).toHaveLength(1);
    expect(svg).toContain('<title>Orion Nebula</title>');
    expect(svg).toContain('<title>Alnilam</title>');
  });

  test('needs no font: nothing but shapes', () => {
    const { svg } = draw({ caption: 'below' });
    const elements = new Set([...svg.matchAll(/<([a-zA-Z]+)/g)].map(([, name]) => name));
    expect([...elements].sort()).toEqual(['circle', 'clipPath', 'g', 'path', 'rect', 'svg', 'title']);
    expect(svg).not.toMatch(/font|NaN|undefined|Infinity/);
  });

  test('hostile names stay names', async () => {
    const hostile = `</title><script>alert(1)</script> & "q" 'p' \u0000\u001b[31m \ud800 ]]> <!--`;
    const result = resultOf(orion, display, {
      capture: { object: hostile, telescope: hostile },
      objects: [
        {
          name: hostile,
          names: [hostile],
          ra_deg: 84,
          dec_deg: -3,
          sep_arcmin: 0,
          type: hostile,
          magnitude: 1,
        },
      ],
    });
    const { svg, width, height } = overlaySvg(result, orion, { display, width: 900, caption: 'inside' });
    expect(svg).not.toMatch(/<script|<!--|\]\]>/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;p&#39;');
    const { info } = await sharp(Buffer.from(svg)).png().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([width, height]);
  });

  test('kinds, grid and caption can be left out', () => {
    const bare = draw({ kinds: ['nebula'], grid: false, caption: 'none' }).svg;
    expect(bare).toContain('id="objects-nebula"');
    for (const kind of OBJECT_KINDS.filter((one) => one !== 'nebula'))
      expect(bare).not.toContain(`objects-${kind}"`);
    expect(bare).not.toMatch(/id="(grid|caption|compass|scale)"/);
  });

  test('the band below adds to the height and covers nothing', () => {
    const below = draw({ caption: 'below' });
    expect(below.band).toBeGreaterThan(20);
    expect(below.svg).toContain(`width="${below.width}" height="${below.height + below.band}"`);
    expect(draw().band).toBe(0);
  });

  test('letters of every script keep the document whole', async () => {
    const objects = [{ name: 'ζ Ori – Fabergé Жёлтый 北极星 🌌 Å', ra_deg: 84, dec_deg: -3, sep_arcmin: 0 }];
    const { svg } = overlaySvg(resultOf(orion, display, { objects }), orion, { display, width: 900 });
    await expect(sharp(Buffer.from(svg)).metadata()).resolves.toMatchObject({ format: 'svg' });
  });
});

describe('true size', () => {
  test('a ring has the radius of the object, in pixels of the picture', () => {
    const wcs = frame(100, 30, 2, 4000);
    const objects = [
      { name: 'thing', type: 'galaxy', ra_deg: 100, dec_deg: 30, sep_arcmin: 0, size_arcmin: 6 },
    ];
    const { svg } = overlaySvg(resultOf(wcs, display, { objects }), wcs, {
      display,
      width: 1000,
      caption: 'none',
    });
    const radii = [...svg.matchAll(/<circle [^>]*r="([\d.]+)"/g)].map(([, r]) => Number(r));
    // 3′ at 1000 pixels for 2°.
    expect(new Set(radii)).toEqual(new Set([25]));
  });

  test('far off the axis of a wide field it is the ellipse that the projection makes of a circle', () => {
    const wcs = frame(0, 0, 100, 2000);
    const objects = [
      { name: 'cloud', type: 'nebula', ra_deg: 30, dec_deg: 0, sep_arcmin: 1800, size_arcmin: 1200 },
    ];
    const { svg } = overlaySvg(resultOf(wcs, display, { objects }), wcs, {
      display,
      width: 2000,
      caption: 'none',
      grid: false,
    });
    const outline = /<g><title>cloud<\/title><path d="(M[^"]+)Z"/.exec(svg)![1];
    const points = outline
      .slice(1)
      .split('L')
      .map((pair) => pair.split(' ').map(Number));
    const view = createView(wcs, display, 2000);
    for (const [x, y] of points) expect(separation(30, 0, ...view.toSky(x, y))).toBeCloseTo(10, 1);
  });
});

describe('the view', () => {
  const orientations = [1, 2, 3, 4, 5, 6, 7, 8];
  test.each(
    orientations.flatMap((exifOrientation) =>
      (['top-down', 'bottom-up'] as const).map((rowOrder) => ({ exifOrientation, rowOrder })),
    ),
  )(
    'EXIF orientation $exifOrientation, $rowOrder: up in the picture is up on the sky as the document says, and back again',
    (shown) => {
      const wcs = framedWcs({
        ra_deg: 120,
        dec_deg: 35,
        width: 900,
        height: 600,
        pixscale_arcsec: 20,
        orientation_deg: 25,
        parity: 1,
      });
      const view = createView(wcs, shown, 450);
      const { display_up_deg, corners } = fieldGeometry(wcs, shown);
      expect(view.width / view.height).toBeCloseTo(shown.exifOrientation > 4 ? 2 / 3 : 3 / 2, 5);
      const [x, y] = view.fromSky(...view.center)!;
      expect([x, y]).toEqual([expect.closeTo(view.width / 2, 6), expect.closeTo(view.height / 2, 6)]);
      expect(view.toSky(0, 0)).toEqual([expect.closeTo(corners[0][0], 9), expect.closeTo(corners[0][1], 9)]);
      expect(view.toSky(view.width, 0)).toEqual([
        expect.closeTo(corners[1][0], 9),
        expect.closeTo(corners[1][1], 9),
      ]);
      const [ra, dec] = view.toSky(x, y - 1);
      const north = (dec - view.center[1]) as number;
      const east = (ra - view.center[0]) * Math.cos((dec * Math.PI) / 180);
      expect((Math.atan2(east, north) * 180) / Math.PI).toBeCloseTo(display_up_deg, 1);
      const back = view.fromSky(...view.toSky(100, 70))!;
      expect(back).toEqual([expect.closeTo(100, 6), expect.closeTo(70, 6)]);
    },
  );
});

describe('the grid', () => {
  const gridOf = (ra: number, dec: number, width: number) => {
    const view = createView(frame(ra, dec, width), display, 1500);
    return { view, lines: equatorialGrid(view) };
  };

  test.each([
    [84, -3, 0.02],
    [84, -3, 1],
    [84, -3, 12],
    [84, -3, 70],
    [0.01, 20, 4],
    [359.99, -20, 4],
    [10, 90, 8],
    [200, -89.5, 3],
    [45, 85, 1],
    [120, 70, 60],
  ])('about RA %f, Dec %f, %f° wide: lines at round values that lie where they say', (ra, dec, width) => {
    const { view, lines } = gridOf(ra, dec, width);
    for (const kind of ['ra', 'dec'] as const) {
      const some = lines.filter((line) => line.kind === kind);
      expect(some.length).toBeGreaterThanOrEqual(2);
      expect(some.length).toBeLessThanOrEqual(26);
      expect(new Set(some.map((line) => line.label)).size).toBe(some.length);
    }
    for (const { kind, value_deg, pieces } of lines)
      for (const [x, y] of pieces.flat().filter((point) => view.contains(point))) {
        const [lineRa, lineDec] = view.toSky(x, y);
        const off = kind === 'dec' ? lineDec - value_deg : ((lineRa - value_deg + 540) % 360) - 180;
        expect(Math.abs(off) * (kind === 'ra' ? Math.cos((lineDec * Math.PI) / 180) : 1)).toBeLessThan(1e-6);
      }
  });

  test('across 0h the hours go on', () => {
    const labels = gridOf(0, 10, 10)
      .lines.filter(({ kind }) => kind === 'ra')
      .map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['23h 50m', '00h 00m', '00h 10m']));
  });

  test('crossings lie on the edge', () => {
    const { view, lines } = gridOf(84, -3, 12);
    const met = lines.flatMap((line) => crossings(view, line));
    expect(met.length).toBeGreaterThan(8);
    for (const { edge, point } of met) {
      const distance = {
        left: point[0],
        right: view.width - point[0],
        top: point[1],
        bottom: view.height - point[1],
      }[edge];
      expect(Math.abs(distance)).toBeLessThan(1e-6);
    }
  });
});
