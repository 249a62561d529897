import type { Box } from '../../src/wcs/view.js';

/** Dots of a group: middle and radius. */
export function circlesOf(svg: string, group: string): { x: number; y: number; r: number }[] {
  const [, content = ''] = new RegExp(`<g id="${group}"[^>]*>(.*?)</g>`, 's').exec(svg) ?? [];
  return [...content.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)" r="([\d.]+)"/g)].map(([, x, y, r]) => ({
    x: Number(x),
    y: Number(y),
    r: Number(r),
  }));
}

/** Points of path data that has absolute coordinates only. */
export function pointsOf(d: string): [x: number, y: number][] {
  return [...d.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

/** Where the ink of every line of text is, read from the drawing itself. */
export function textBoxes(svg: string): Box[] {
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
