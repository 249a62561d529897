import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type OverlayOptions, overlaySvg } from '../../src/annotate/overlay.js';
import { OBJECT_LAYERS } from '../../src/catalog/layers.js';
import { positionAngle, separation } from '../../src/wcs/sphere.js';
import { createView } from '../../src/wcs/view.js';
import { frame } from '../catalog/support.js';
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
      'objects-stars',
      'objects-messier',
      'objects-ngc',
      'objects-barnard',
      'caption',
      'scale',
      'compass',
    ])
      expect(svg.match(new RegExp(`<g id="${id}"`, 'g'))).toHaveLength(1);
    expect(svg).toContain('<title>M 42 Orion Nebula</title>');
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

  test('has the layers that are named and no others', () => {
    const bare = draw({ layers: ['barnard'] }).svg;
    expect(bare).toContain('id="objects-barnard"');
    for (const layer of OBJECT_LAYERS.filter((one) => one !== 'barnard'))
      expect(bare).not.toContain(`objects-${layer}"`);
    expect(draw().svg).not.toMatch(/id="objects-(lbn|ldn)"/);
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
      layers: ['deep-sky'],
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
      layers: ['deep-sky'],
    });
    const [, outline = ''] = /<g><title>cloud<\/title><path d="M([^"]+)Z"/.exec(svg) ?? [];
    const points = [...outline.matchAll(/([-\d.]+) ([-\d.]+)/g)].map(
      ([, x, y]) => [Number(x), Number(y)] as const,
    );
    expect(points.length).toBeGreaterThan(20);
    const view = createView(wcs, display, 2000);
    for (const [x, y] of points) expect(separation(30, 0, ...view.toSky(x, y))).toBeCloseTo(10, 1);
  });

  test.each([1, 4, 6])(
    'an ellipse lies along its position angle, also in orientation %i',
    (exifOrientation) => {
      const wcs = frame(100, 30, 2, 4000);
      const turned = { rowOrder: 'top-down', exifOrientation } as const;
      const objects = [
        {
          name: 'spindle',
          type: 'galaxy',
          ra_deg: 100,
          dec_deg: 30,
          sep_arcmin: 0,
          size_arcmin: 30,
          axes_arcmin: [30, 6] as [number, number],
          axis_pa_deg: 40,
        },
      ];
      const { svg, width } = overlaySvg(resultOf(wcs, turned, { objects }), wcs, {
        display: turned,
        width: 1000,
        layers: ['deep-sky'],
      });
      const [, outline = ''] = /<title>spindle<\/title><path d="M([^"]+)Z"/.exec(svg) ?? [];
      const view = createView(wcs, turned, width);
      const offsets = [...outline.matchAll(/([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => {
        const place = view.toSky(Number(x), Number(y));
        return [separation(100, 30, ...place) * 60, positionAngle(100, 30, ...place)] as const;
      });
      const byDistance = offsets.toSorted(([a], [b]) => a - b);
      expect(byDistance.at(-1)?.[0]).toBeCloseTo(15, 1);
      expect((byDistance.at(-1)?.[1] ?? 0) % 180).toBeCloseTo(40, 0);
      expect(byDistance[0]?.[0]).toBeCloseTo(3, 1);
      expect((byDistance[0]?.[1] ?? 0) % 180).toBeCloseTo(130, 0);
    },
  );
});
