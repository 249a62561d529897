import { describe, expect, test } from 'vitest';
import { layersOf } from '../../src/annotate/drawing-options.js';
import { overlap } from '../../src/annotate/labels.js';
import { isFaint } from '../../src/annotate/markers.js';
import { isSubject, lineOf, nameOf } from '../../src/annotate/names.js';
import { byImportance, MUST_BE_NAMED } from '../../src/annotate/object-labels.js';
import { overlaySvg } from '../../src/annotate/overlay.js';
import { escapeXml } from '../../src/annotate/svg.js';
import { layerOf } from '../../src/catalog/layers.js';
import type { Box } from '../../src/wcs/view.js';
import { framedWcs } from '../sky/projection.js';
import { resultOf } from './support.js';

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

/** Where the ink of every line of text is, read from the drawing itself. */
function textBoxes(svg: string): Box[] {
  const lines = svg.matchAll(
    /<path transform="translate\(([-\d.]+) ([-\d.]+)\) scale\(([\d.]+)\)" fill="#[^>]* d="([^"]+)"\/>/g,
  );
  return [...lines].map(([, left, top, scale, d = '']) => {
    const numbers = [...d.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
    const extent = (which: 0 | 1) => {
      const values = numbers.filter((_, i) => i % 2 === which);
      return [Math.min(...values) * Number(scale), Math.max(...values) * Number(scale)] as const;
    };
    const [[x1, x2], [y1, y2]] = [extent(0), extent(1)];
    return { x: Number(left) + x1, y: Number(top) + y1, width: x2 - x1, height: y2 - y1 };
  });
}

const next = random(20);
const fields = Array.from({ length: 300 }, (_, i) => {
  const portrait = next() < 0.3;
  const width_deg = 0.3 * (100 / 0.3) ** next();
  return {
    i,
    display: { rowOrder: 'top-down', exifOrientation: 1 + Math.floor(next() * 8) } as const,
    wcs: framedWcs({
      ra_deg: 360 * next(),
      dec_deg: (Math.asin(2 * next() - 1) * 180) / Math.PI,
      width: portrait ? 1000 : 1500,
      height: portrait ? 1500 : 1000,
      pixscale_arcsec: (width_deg * 3600) / 1500,
      orientation_deg: 360 * next(),
      parity: next() < 0.5 ? 1 : -1,
    }),
  };
});

describe('300 random fields', () => {
  test('no two labels overlap, none leaves the picture, the subject and the ten most prominent are named', () => {
    const usual = layersOf({});
    let [named, ten] = [0, 0];
    for (const { i, wcs, display } of fields) {
      const result = resultOf(wcs, display);
      const { svg, width, height } = overlaySvg(result, wcs, { display, width: 1200, caption: 'below' });
      const sky = svg.slice(0, svg.indexOf('<g id="caption">'));
      const boxes = textBoxes(sky);
      boxes.forEach((box, k) => {
        const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
        expect(inside, `label ${k} of field ${i} is in the picture`).toBe(true);
        for (const other of boxes.slice(k + 1))
          expect(overlap(box, other), `labels of field ${i} are apart`).toBe(false);
      });
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
    expect(named).toBeGreaterThan(3000);
    expect(ten).toBeGreaterThan(1000);
  }, 120_000);
});
