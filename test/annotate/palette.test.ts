import { describe, expect, test } from 'vitest';
import { PALETTE_NAMES, paletteOf } from '../../src/annotate/palette.js';

type Rgb = [number, number, number];

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;

/** Relative luminance of WCAG 2.2. */
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (one: string, other: string) => {
  const [light, dark] = [luminance(linear(one)), luminance(linear(other))].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
};

/** What is seen without red or green cones: Machado, Oliveira and Fernandes (2009), severity 1. */
const BLIND = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
} as const;

const seen = (kind: keyof typeof BLIND, colour: Rgb) =>
  BLIND[kind].map((row) => Math.max(0, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2])) as Rgb;

/** CIE 1976 L*a*b* of linear sRGB, white D65. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
const distance = (a: Rgb, b: Rgb) => {
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};

const GROUNDS = { dark: '#101418', light: '#ffffff' } as const;

describe.each(PALETTE_NAMES)('the palette %s', (name) => {
  test.each(['dark', 'light'] as const)('is read on %s ground: a contrast of 4.5 and more', (ground) => {
    const { kinds, ink, quietInk, grid, constellations } = paletteOf(name, ground);
    for (const colour of [...Object.values(kinds), ink, quietInk, grid, constellations])
      expect(contrast(colour, GROUNDS[ground]), colour).toBeGreaterThanOrEqual(4.5);
  });
});

test.each(['dark', 'light'] as const)(
  'galaxies, clusters and nebulae are told apart by who sees no red or no green, on %s ground',
  (ground) => {
    const { galaxy, cluster, nebula } = paletteOf('color-blind', ground).kinds;
    const pairs = [
      [galaxy, cluster],
      [galaxy, nebula],
      [cluster, nebula],
    ] as const;
    // A difference of 2.3 is just noticed.
    for (const kind of ['protan', 'deutan'] as const)
      for (const [one, other] of pairs)
        expect(
          distance(seen(kind, linear(one)), seen(kind, linear(other))),
          `${kind} ${one} ${other}`,
        ).toBeGreaterThan(12);
  },
);
