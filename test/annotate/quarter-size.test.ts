import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { isSubject, lineOf, nameOf } from '../../src/annotate/names.js';
import { type OverlayOptions, overlaySvg } from '../../src/annotate/overlay.js';
import { paletteOf } from '../../src/annotate/palette.js';
import { escapeXml } from '../../src/annotate/svg.js';
import type { Box } from '../../src/wcs/view.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { framedWcs } from '../sky/projection.js';
import { resultOf } from './support.js';
import { textBoxes } from './svg-shapes.js';

const display = { rowOrder: 'top-down' } as const;
const QUARTER = 4;

/** Orion, `degrees` along the longer side. */
const orion = (width: number, height: number, degrees: number): Wcs =>
  framedWcs({
    ra_deg: 84,
    dec_deg: -3,
    width,
    height,
    pixscale_arcsec: (degrees * 3600) / Math.max(width, height),
    orientation_deg: 10,
    parity: 1,
  });

function draw(wcs: Wcs, options: Partial<OverlayOptions> = {}) {
  const result = resultOf(wcs, display);
  const { subject, objects } = result.astrometry;
  const [main] = objects.filter((object) => isSubject(object, subject));
  const drawing = overlaySvg(result, wcs, { display, width: wcs.width, caption: 'below', ...options });
  return { ...drawing, subject: main ? lineOf(nameOf(main)) : '' };
}

/** Heights of the lines of text in a group, which are those of capitals and figures, give or take a descender. */
const heights = (svg: string, group: string) => {
  const [, content = ''] = new RegExp(`<g id="${group}">(.*)</g>`).exec(svg) ?? [];
  return textBoxes(content).map(({ height }) => height);
};

/** Where the name of an object stands. */
function nameBox(svg: string, name: string): Box {
  const [, content = ''] = new RegExp(`<g><title>${escapeXml(name)}</title>(.*)</g>`).exec(svg) ?? [];
  const [box] = textBoxes(content);
  return box ?? expect.unreachable(`${name} is not named`);
}

describe('at a quarter of the size', () => {
  test.each([
    [1600, 1067],
    [1600, 1200],
    [1600, 1600],
    [1920, 1080],
    [1080, 1920],
    [4096, 2731],
  ])(
    'of %i × %i the subject, what stands out, the title and the scale bar are large enough',
    (width, height) => {
      const { svg, subject } = draw(orion(width, height, 8));
      // Those of more pixels are shown in fewer.
      const small = (pixels: number) => (pixels / QUARTER) * (1600 / Math.max(width, height));
      // Nine pixels are those of a capital in type of twelve and a half; seven and a half of type of ten.
      expect(small(nameBox(svg, subject).height)).toBeGreaterThanOrEqual(9);
      expect(small(heights(svg, 'caption')[0]!)).toBeGreaterThanOrEqual(9);
      expect(small(heights(svg, 'scale')[0]!)).toBeGreaterThanOrEqual(7);
      const large = [...svg.matchAll(/<g><title>[^<]*<\/title>(.*)<\/g>/g)].filter(
        ([, content = '']) => small(textBoxes(content)[0]?.height ?? 0) >= 7.5,
      );
      expect(large.length).toBeGreaterThanOrEqual(3);
      expect(large.length).toBeLessThanOrEqual(6);
    },
  );

  test('a constellation that is the subject is named as large', () => {
    const { svg } = draw(orion(1600, 1067, 40));
    expect(Math.max(...heights(svg, 'constellations')) / QUARTER).toBeGreaterThanOrEqual(9);
  });

  test('a title that has no space beside the scale bar stands above it, and is not made small', () => {
    const narrow = draw(orion(900, 1600, 8));
    const wide = draw(orion(1600, 900, 8));
    expect(heights(narrow.svg, 'caption')[0]).toBeCloseTo(heights(wide.svg, 'caption')[0]!, 0);
    expect(narrow.band).toBeGreaterThan(1.5 * wide.band);
  });
});

/** Relative luminance of WCAG 2.2 of each pixel in a box, in order. */
async function luminances(picture: Buffer, { x, y, width, height }: Box): Promise<number[]> {
  const area = {
    left: Math.floor(x),
    top: Math.floor(y),
    width: Math.ceil(width),
    height: Math.ceil(height),
  };
  const { data } = await sharp(picture)
    .extract(area)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return Array.from({ length: data.length / 3 }, (_, i) => {
    const [r = 0, g = 0, b = 0] = data.subarray(3 * i);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  }).sort((a, b) => a - b);
}

/** The sky that a name has to stand out from: plain, or full of stars. */
function sky(
  ground: string,
  stars: string | undefined,
  { width, height }: { width: number; height: number },
) {
  const dots = Array.from({ length: stars === undefined ? 0 : 6000 }, (_, i) => {
    const [x, y] = [(i * 7919.3) % width, (i * 104729.7) % height];
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${1 + (i % 5)}"/>`;
  });
  return `<rect width="${width}" height="${height}" fill="${ground}"/><g fill="${stars ?? ground}">${dots.join('')}</g>`;
}

describe('names stand out from their ground at a quarter of the size', () => {
  test.each([
    ['overlay', 'a dark sky', '#06080c', undefined],
    ['overlay', 'a grey sky', '#8a8a8a', undefined],
    ['overlay', 'a bright sky', '#f2f2ee', undefined],
    ['overlay', 'a sky full of stars', '#181c24', '#ffffff'],
    ['print', 'a light sky', '#f4f4f4', undefined],
    ['print', 'a dark sky', '#202020', undefined],
    ['print', 'a sky full of stars', '#e8e8e8', '#000000'],
  ] as const)('%s on %s', async (style, _, ground, stars) => {
    const { svg, width, height, band } = draw(orion(1600, 1067, 8), { style });
    const head = svg.indexOf('\n') + 1;
    const whole = svg.slice(0, head) + sky(ground, stars, { width, height }) + svg.slice(head);
    const small = await sharp(Buffer.from(whole))
      .flatten({ background: paletteOf('standard').strip })
      .png()
      .toBuffer()
      .then((full) =>
        sharp(full)
          .resize(width / QUARTER, Math.round((height + band) / QUARTER))
          .png()
          .toBuffer(),
      );
    for (const name of ['M 42 Orion Nebula', 'Alnilam']) {
      const { x, y, width: wide, height: high } = nameBox(svg, name);
      const box = { x: x / QUARTER, y: y / QUARTER, width: wide / QUARTER, height: high / QUARTER };
      const lights = await luminances(small, box);
      const share = (q: number) => lights[Math.floor(q * (lights.length - 1))] ?? Number.NaN;
      // The strokes of the letters cover a fifth of their box and more, their rim as much.
      const [dark, light] = [share(0.1), share(0.9)];
      expect((light + 0.05) / (dark + 0.05), name).toBeGreaterThan(4.5);
    }
  });
});
