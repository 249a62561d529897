import { describe, expect, test } from 'vitest';
import { layersOf } from '../../src/annotate/drawing-options.js';
import { finderChart } from '../../src/annotate/finder-chart.js';
import { overlap } from '../../src/annotate/labels.js';
import { isFaint } from '../../src/annotate/markers.js';
import { isSubject, lineOf, nameOf } from '../../src/annotate/names.js';
import { byImportance, MUST_BE_NAMED } from '../../src/annotate/object-labels.js';
import { overlaySvg } from '../../src/annotate/overlay.js';
import { escapeXml } from '../../src/annotate/svg.js';
import { layerOf } from '../../src/catalog/layers.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { type Framing, framedWcs } from '../sky/projection.js';
import { resultOf } from './support.js';
import { textBoxes } from './svg-shapes.js';

/** Numbers between 0 and 1 that are the same at every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(20);

/** A lens whose picture is drawn in or out by up to 4 % at the corners. */
function distorted(wcs: Wcs): Wcs {
  const k = (0.08 * (next() - 0.5)) / (wcs.width ** 2 / 4 + wcs.height ** 2 / 4);
  const none = () => Array.from({ length: 4 }, (_, p) => Array.from({ length: 4 - p }, () => 0));
  const [a, b] = [none(), none()];
  a[3]![0] = k;
  a[1]![2] = k;
  b[0]![3] = k;
  b[2]![1] = k;
  return { ...wcs, sip: { a, b } };
}

/** A fisheye lens that shows the sky to the horizon in a circle as high as the picture, or in all of the picture. */
function fisheye(wcs: Wcs): Wcs {
  const radius = 0.98 * Math.min(wcs.width, wcs.height);
  const whole = next() < 0.5;
  return {
    ...wcs,
    projection: 'ARC',
    cd: wcs.cd.map((row) => row.map((value) => (value * 90) / (scaleOf(wcs) * (radius / 2)))) as Wcs['cd'],
    ...(whole && { circle: { x: wcs.crpix[0], y: wcs.crpix[1], radius: radius / 2 } }),
  };
}
const scaleOf = ({ cd }: Wcs) => Math.hypot(cd[0][0], cd[1][0]);

const MODELS = ['flat', 'flat', 'distorted', 'fisheye'] as const;
const fields = Array.from({ length: 300 }, (_, i) => {
  const portrait = next() < 0.3;
  const width_deg = 0.3 * (100 / 0.3) ** next();
  const framing: Framing = {
    ra_deg: 360 * next(),
    dec_deg: (Math.asin(2 * next() - 1) * 180) / Math.PI,
    width: portrait ? 1000 : 1500,
    height: portrait ? 1500 : 1000,
    pixscale_arcsec: (width_deg * 3600) / 1500,
    orientation_deg: 360 * next(),
    parity: next() < 0.5 ? 1 : -1,
  };
  const model = MODELS[i % MODELS.length]!;
  const flat = framedWcs(framing);
  return {
    i,
    model,
    parity: framing.parity,
    display: { rowOrder: 'top-down', exifOrientation: 1 + Math.floor(next() * 8) } as const,
    wcs: model === 'flat' ? flat : model === 'distorted' ? distorted(flat) : fisheye(flat),
  };
});

/** Labels that leave the picture or lie over others, as far as a drawing shows them. */
function misplaced(sky: string, { width, height }: { width: number; height: number }): string[] {
  const boxes = textBoxes(sky);
  return boxes.flatMap((box, k) => {
    const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
    const over = boxes.slice(k + 1).filter((other) => overlap(box, other)).length;
    return inside && over === 0
      ? []
      : [`label ${k}: ${inside ? '' : 'outside '}${over > 0 ? 'over others' : ''}`];
  });
}

describe('300 random fields', () => {
  test('no two labels overlap, none leaves the picture, the subject and the ten most prominent are named', () => {
    const usual = layersOf({});
    let [named, ten] = [0, 0];
    const kinds = new Set<string>();
    for (const { i, wcs, display, parity, model } of fields) {
      kinds.add(`${model} ${parity} ${display.exifOrientation}`);
      const result = resultOf(wcs, display);
      const { svg, width, height } = overlaySvg(result, wcs, { display, width: 1200, caption: 'below' });
      const sky = svg.slice(0, svg.indexOf('<g id="caption">'));
      expect(misplaced(sky, { width, height }), `field ${i}`).toEqual([]);
      const { subject, objects } = result.astrometry;
      const groups = [...sky.matchAll(/<g><title>([^<]*)<\/title>(.*)<\/g>/g)];
      const written = new Set(
        groups.flatMap(([, title, content = '']) => (textBoxes(content).length > 0 ? [title] : [])),
      );
      const has = (object: (typeof objects)[number]) => written.has(escapeXml(lineOf(nameOf(object))));
      const [main] = objects.filter((object) => isSubject(object, subject));
      if (main) expect(has(main), `${main.name}, the subject of field ${i}, is named`).toBe(true);
      else {
        const [, figures = ''] = /<g id="constellations">(.*)<\/g>/.exec(sky) ?? [];
        expect(textBoxes(figures).length, `${subject?.name} is named in field ${i}`).toBeGreaterThan(0);
      }
      const seen = objects
        .filter((object) => usual.has(layerOf(object)))
        .toSorted(byImportance(subject))
        .slice(0, MUST_BE_NAMED)
        .filter(({ x = 0, y = 0 }) => x >= 1 && y >= 1 && x <= wcs.width && y <= wcs.height)
        .filter((object) => object.x !== undefined && !isFaint(object));
      for (const object of seen) expect(has(object), `${object.name} is named in field ${i}`).toBe(true);
      ten += seen.length;
      named += written.size;
    }
    // Every model, mirrored and not, in every orientation.
    expect(kinds.size).toBe(3 * 2 * 8);
    expect(named).toBeGreaterThan(3000);
    expect(ten).toBeGreaterThan(1000);
  }, 240_000);

  test('and so it is on finder charts', () => {
    for (const { i, wcs, display } of fields.filter(({ i: number }) => number % 13 === 0)) {
      const result = resultOf(wcs, display);
      const { svg, width, height } = finderChart(result, wcs, { style: 'chart', width: 1200 });
      const sky = svg.slice(0, svg.indexOf('<g id="caption">'));
      expect(misplaced(sky, { width, height }), `field ${i}`).toEqual([]);
      const { subject, objects } = result.astrometry;
      const [main] = objects.filter((object) => isSubject(object, subject));
      const name = escapeXml(main ? lineOf(nameOf(main)) : '');
      const group = main
        ? new RegExp(`<g><title>${name.replace(/[()+*?.]/g, '\\$&')}</title>(.*)</g>`)
        : /<g id="constellations">(.*)<\/g>/;
      expect(textBoxes(group.exec(sky)?.[1] ?? '').length, `${subject?.name} of field ${i}`).toBeGreaterThan(
        0,
      );
    }
  }, 240_000);
});
