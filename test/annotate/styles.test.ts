import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotate } from '../../src/annotate/annotate.js';
import { STYLE_NAMES } from '../../src/annotate/drawing-options.js';
import { overlaySvg } from '../../src/annotate/overlay.js';
import { openImage } from '../../src/image/open.js';
import { createView } from '../../src/wcs/view.js';
import { frame } from '../catalog/support.js';
import { resultOf } from './support.js';

const wcs = frame(84, -3, 8, 900);
const star = [84.0534, -1.2019] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styles-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A reddish star on a dark ground, in the middle of the picture. */
async function photograph() {
  const path = join(folder, 'star.png');
  const dot = Buffer.from(
    '<svg width="900" height="600"><circle cx="450" cy="300" r="30" fill="#ffd0c0"/></svg>',
  );
  const base = sharp({ create: { width: 900, height: 600, channels: 3, background: '#101418' } });
  await writeFile(
    path,
    await base
      .composite([{ input: dot }])
      .png()
      .toBuffer(),
  );
  const image = await openImage(path);
  return { image, result: resultOf(wcs, image) };
}

async function drawn(options: Partial<Parameters<typeof annotate>[0]>) {
  const { image, result } = await photograph();
  const bytes = await annotate({ result, wcs, image, format: 'png', width: 900, layers: [], ...options });
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  };
}

describe('styles', () => {
  test('overlay and minimal leave the photograph as it is', async () => {
    for (const style of ['overlay', 'minimal'] as const) {
      const { at } = await drawn({ style });
      expect(at(450, 300)).toEqual([255, 208, 192]);
      expect(at(100, 100)).toEqual([16, 20, 24]);
    }
  });

  test('print draws on its negative, in grey, with dark marks and a white band', async () => {
    const { at } = await drawn({ style: 'print' });
    const [red = 255, green, blue] = at(450, 300);
    expect(red).toBeLessThan(50);
    expect([green, blue]).toEqual([red, red]);
    expect(at(100, 100)[0]).toBeGreaterThan(225);
    const { image, result } = await photograph();
    const { svg } = overlaySvg(result, wcs, { display: image, width: 900, caption: 'below', style: 'print' });
    for (const [, colour = ''] of svg.matchAll(/fill="#([0-9a-f]{6})"/g)) {
      const value = Number.parseInt(colour, 16);
      const lightest = Math.max(value >> 16, (value >> 8) & 255, value & 255);
      expect(colour === 'ffffff' || lightest < 200, colour).toBe(true);
    }
    const banded = await drawn({ style: 'print', layers: ['caption'] });
    expect(banded.at(2, banded.info.height - 2)).toEqual([255, 255, 255]);
  });

  test('chart shows no photograph', async () => {
    const { at, info } = await drawn({ style: 'chart' });
    expect([info.width, info.height]).toEqual([900, 675]);
    expect(at(2, 2)).toEqual([255, 255, 255]);
    const { image, result } = await photograph();
    const svg = await annotate({ result, wcs, image, style: 'chart', format: 'svg' });
    expect(svg.toString()).toMatch(/^<svg .*id="stars"/s);
    expect(svg.toString()).not.toContain('<image');
  });

  test.each(STYLE_NAMES)('%s is made in every format', async (style) => {
    const { image, result } = await photograph();
    for (const format of ['jpeg', 'png', 'webp', 'svg'] as const) {
      const bytes = await annotate({ result, wcs, image, style, format, width: 500 });
      expect((await sharp(bytes).metadata()).format).toBe(format);
    }
  });

  test.each(['overlay', 'minimal'] as const)('%s names a constellation that is the subject', (style) => {
    const wide = frame(155, 56, 60);
    const result = resultOf(wide, { rowOrder: 'bottom-up' });
    expect(result.astrometry.subject).toMatchObject({ catalog: 'constellation', id: 'UMa' });
    const { svg } = overlaySvg(result, wide, { display: { rowOrder: 'bottom-up' }, width: 900, style });
    const [, content = ''] = /<g id="constellations">(.*)<\/g>/.exec(svg) ?? [];
    const names = content.match(/ d="[^"]+"\/>/g) ?? [];
    if (style === 'minimal') expect(names).toHaveLength(1);
    else expect(names.length).toBeGreaterThan(3);
  });
});

describe('everything stays in the picture', () => {
  test('lines and marks are clipped to it, names are within it', () => {
    const { svg, height } = overlaySvg(resultOf(wcs, { rowOrder: 'top-down' }), wcs, {
      display: { rowOrder: 'top-down' },
      width: 900,
      caption: 'below',
    });
    expect(svg).toContain(`<clipPath id="picture"><rect width="900" height="${height}"/></clipPath>`);
    const [, ...after] = svg.split('<g clip-path="url(#picture)">');
    const clipped = after.join('').split('\n</g>\n<rect')[0]!;
    for (const group of ['grid', 'objects-stars', 'objects-messier'])
      expect(clipped).toContain(`id="${group}"`);
  });

  test('a star is marked where it is', () => {
    const [x, y] = createView(wcs, { rowOrder: 'top-down' }, 900).fromSky(...star)!;
    const { svg } = overlaySvg(resultOf(wcs, { rowOrder: 'top-down' }), wcs, {
      display: { rowOrder: 'top-down' },
      width: 900,
    });
    const [, cx, cy] = /<title>Alnilam<\/title><circle cx="([\d.]+)" cy="([\d.]+)"/.exec(svg) ?? [];
    expect(Math.hypot(Number(cx) - x, Number(cy) - y)).toBeLessThan(0.5);
  });
});
