import { describe, expect, it } from 'vitest';
import { memoryBytes } from '../../../src/engine/index-file/byte-source.js';
import { codeOf } from '../../../src/engine/index-file/code.js';
import { openIndexFile } from '../../../src/engine/index-file/index-file.js';
import { seededRandom } from '../../sky/random.js';
import { type IndexForm, inventSky, USUAL_FORM, writeIndex } from './index-writer.js';
import type { NumberType, TreeForm } from './kd-writer.js';
import { scanAll, searchEverywhere, worstCode } from './scan.js';

/** Pairs of types that libkd knows. */
const TYPES: readonly [data: NumberType, tree: NumberType][] = [
  ['u16', 'u16'],
  ['u32', 'u32'],
  ['float', 'float'],
  ['double', 'double'],
  ['double', 'u32'],
  ['double', 'u16'],
];

const SHAPES: readonly Pick<TreeForm, 'nodes' | 'leaves'>[] = [
  { nodes: 'packed', leaves: 'stored' },
  { nodes: 'apart', leaves: 'stored' },
  { nodes: 'apart', leaves: 'linear' },
  { nodes: 'apart', leaves: 'halved' },
  { nodes: 'boxes', leaves: 'stored' },
  { nodes: 'boxes', leaves: 'linear' },
];

const FORMS: TreeForm[] = TYPES.flatMap(([data, tree]) =>
  SHAPES.map((shape) => ({ data, tree, ...shape })).filter(
    // A real number has no bits to spare for an axis.
    ({ nodes }) => nodes !== 'packed' || tree === 'u16' || tree === 'u32',
  ),
);

/** How far a code may be off, rounded as it is stored: half a step of 16 bits, or what 16-bit stars make of small quads. */
const RESOLUTION: Record<string, number> = { u16: 1.1e-5, u32: 1e-6, float: 1e-5, double: 1e-6 };

describe.each([
  { order: 'little', permuted: false },
  { order: 'big', permuted: true },
] as const)('a $order-endian file, permuted: $permuted,', ({ order, permuted }) => {
  it.each(FORMS)('of $data data, $tree $nodes nodes and $leaves leaves', (form) => {
    const random = seededRandom(5);
    const sky = inventSky(random, 500, 600, 3 + (FORMS.indexOf(form) % 3));
    // Stars of 16 bits are too coarse for codes to be compared.
    const stars: TreeForm = form.data === 'u16' ? { ...form, data: 'u32', tree: 'u32' } : form;
    const index = openIndexFile(memoryBytes(writeIndex(sky, { codes: form, stars, order, permuted })));
    const scan = scanAll(index);
    expect(worstCode(index, scan, codeOf)).toBeLessThan(RESOLUTION[form.data]!);
    const { codes, stars: caps } = searchEverywhere(index, scan, random, 40);
    expect(codes.wrong).toBe(0);
    expect(caps.wrong).toBe(0);
    expect(codes.found).toBeGreaterThan(60);
    expect(caps.found).toBeGreaterThan(1000);
  });
});

describe('a permuted file', () => {
  it('holds the same stars and quads as one that is not, by other numbers', () => {
    const sky = inventSky(seededRandom(9), 500, 300, 4);
    const open = (form: Partial<IndexForm>) =>
      openIndexFile(memoryBytes(writeIndex(sky, { ...USUAL_FORM, ...form })));
    const [plain, permuted] = [open({}), open({ permuted: true })];
    const stars: number[] = [];
    permuted.quadStars(17, stars);
    expect(stars).toEqual(sky.quads[17]);
    sky.magnitudes.forEach((magnitude, star) => {
      expect(permuted.magnitude(star)).toBe(Math.fround(magnitude));
    });
    const matches: number[] = [];
    plain.searchCodes(sky.codes[17]!, 1e-4, (quad) => matches.push(quad));
    expect(matches).toHaveLength(1);
    plain.quadStars(matches[0]!, stars);
    expect(stars.map((star) => plain.magnitude(star))).toEqual(
      sky.quads[17]!.map((star) => Math.fround(sky.magnitudes[star]!)),
    );
  });
});

describe('a file with a handful of stars', () => {
  it('has trees of a single leaf', () => {
    const sky = inventSky(seededRandom(3), 6, 4, 3);
    const index = openIndexFile(memoryBytes(writeIndex(sky, USUAL_FORM)));
    const found: number[] = [];
    index.starsInCap([0, 0, 1], Math.PI, (star) => found.push(star));
    expect(found.sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
