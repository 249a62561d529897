import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FitsHeader, parseHeader } from '../../src/fits/header.js';
import { formatCards } from '../../src/fits/write-card.js';
import { AstroJobsError } from '../../src/job/errors.js';
import { isWcsKeyword, wcsCards } from '../../src/wcs/cards.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { skyToPixel, skyToPixels } from '../../src/wcs/tan-sip.js';
import { headerOf, headerWith } from './support.js';

const PLAIN = {
  NAXIS: 2,
  NAXIS1: 400,
  NAXIS2: 300,
  CTYPE1: 'RA---TAN',
  CTYPE2: 'DEC--TAN',
  CRVAL1: 83.6,
  CRVAL2: 22,
  CRPIX1: 200.5,
  CRPIX2: 150.5,
  CD1_1: -0.001,
  CD1_2: 0,
  CD2_1: 0,
  CD2_2: 0.001,
};

const stored: string[][] = readFileSync(new URL('astropy-reference.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).cards);

const without = (...keywords: string[]) =>
  headerWith(Object.fromEntries(Object.entries(PLAIN).filter(([keyword]) => !keywords.includes(keyword))));

function codeOf(header: FitsHeader): string {
  try {
    parseWcs(header);
  } catch (error) {
    if (error instanceof AstroJobsError) return error.code;
    throw error;
  }
  return 'none';
}

describe('a plate solution in a header', () => {
  test('survives being written and read, to the last digit', () => {
    for (const cards of stored) {
      const wcs = parseWcs(headerOf(cards));
      const again = parseWcs(parseHeader(Buffer.from(formatCards(wcsCards(wcs)))));
      // As text, since −0 comes back as 0.
      expect(JSON.stringify(again)).toBe(JSON.stringify(wcs));
    }
  });

  test('takes its size from NAXIS, and from IMAGEW where there are no pixels', () => {
    expect(parseWcs(headerWith({ ...PLAIN, IMAGEW: 7, IMAGEH: 8 }))).toMatchObject({
      width: 400,
      height: 300,
    });
    const { NAXIS1, NAXIS2, ...bare } = PLAIN;
    expect(parseWcs(headerWith({ ...bare, IMAGEW: NAXIS2, IMAGEH: NAXIS1 }))).toMatchObject({
      width: 300,
      height: 400,
    });
    expect(parseWcs(headerWith({ ...PLAIN, TFIELDS: 2, ZNAXIS1: 64, ZNAXIS2: 32 }))).toMatchObject({
      width: 64,
      height: 32,
    });
  });

  test('has no distortion when all its coefficients are zero', () => {
    const flat = { A_ORDER: 1, A_0_1: 0, A_1_0: 0, B_ORDER: 1, B_0_1: 0 };
    expect(parseWcs(headerWith({ ...PLAIN, ...flat })).sip).toBeUndefined();
  });

  test.each([
    ['CRVAL1', 'corrupt_image'],
    ['CRPIX2', 'corrupt_image'],
    ['NAXIS2', 'corrupt_image'],
    ['CTYPE1', 'unsupported_image'],
  ])('without %s is refused as %s', (keyword, code) => {
    expect(codeOf(without(keyword))).toBe(code);
  });

  test.each([
    [{ CTYPE1: 'RA---AZP', CTYPE2: 'DEC--AZP' }, 'unsupported_image'],
    [{ CTYPE1: 'RA---SIN', CTYPE2: 'DEC--TAN' }, 'unsupported_image'],
    [{ CTYPE1: 'GLON-TAN', CTYPE2: 'GLAT-TAN' }, 'unsupported_image'],
    [{ CTYPE1: 'RA---TPV', CTYPE2: 'DEC--TPV' }, 'unsupported_image'],
    [{ PV1_1: 0.99 }, 'unsupported_image'],
    [{ RADESYS: 'FK4' }, 'unsupported_image'],
    [{ EQUINOX: 1950 }, 'unsupported_image'],
    [{ CUNIT1: 'rad' }, 'unsupported_image'],
    [{ CRVAL2: 90.5 }, 'corrupt_image'],
    [{ CRVAL1: 'north' }, 'corrupt_image'],
    [{ CD1_1: 0 }, 'corrupt_image'],
    [{ NAXIS1: 0 }, 'corrupt_image'],
    [{ A_ORDER: 3 }, 'corrupt_image'],
    [{ A_ORDER: 1e9, B_ORDER: 1e9 }, 'corrupt_image'],
    [{ A_ORDER: 2.5, B_ORDER: 2 }, 'corrupt_image'],
    [{ EQUINOX: 2000, RADESYS: 'FK5' }, 'none'],
    [{ EQUINOX: 2015.5, RADESYS: 'ICRS' }, 'none'],
    [{ CUNIT1: 'deg', CUNIT2: 'degree' }, 'none'],
  ] as const)('with %j: %s', (change, code) => {
    expect(codeOf(headerWith({ ...PLAIN, ...change }))).toBe(code);
  });

  test('of any values gives a solution or a stated refusal', () => {
    const value = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.string(),
      fc.constantFrom(...Object.values(PLAIN)),
    );
    const keyword = fc.constantFrom(
      ...Object.keys(PLAIN),
      'PC1_2',
      'CDELT1',
      'CDELT2',
      'CROTA2',
      'LONPOLE',
      'A_ORDER',
      'B_ORDER',
      'A_2_0',
      'IMAGEW',
    );
    fc.assert(
      fc.property(fc.dictionary(keyword, value), (change) => {
        expect(['none', 'corrupt_image', 'unsupported_image']).toContain(
          codeOf(headerWith({ ...PLAIN, ...change })),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('knows its own cards from others', () => {
    const cards = [...headerWith(PLAIN).cards, { keyword: 'OBJECT', value: 'M 1', comment: '' }];
    const wcs = parseWcs(headerOf(stored[4] ?? []));
    const kept = [...cards, ...wcsCards(wcs)]
      .map(({ keyword }) => keyword)
      .filter((keyword) => !isWcsKeyword(keyword));
    expect(kept).toEqual(['NAXIS', 'NAXIS1', 'NAXIS2', 'OBJECT']);
  });
});

describe('places without a pixel', () => {
  const wcs = parseWcs(headerWith(PLAIN));

  test('lie behind the tangent plane', () => {
    expect(skyToPixel(wcs, 83.6 + 180, -22)).toBeUndefined();
    expect(skyToPixel(wcs, 83.6, 22 - 91)).toBeUndefined();
    expect(skyToPixel(wcs, Number.NaN, 22)).toBeUndefined();
    const { x, y } = skyToPixels(wcs, Float64Array.of(263.6, 83.6), Float64Array.of(-22, 22));
    expect([...x, ...y]).toEqual([Number.NaN, 200.5, Number.NaN, 150.5]);
  });

  test('lie where the distortion folds the plane over', () => {
    const folding = { ...wcs, sip: { a: [[0, 0, 0], [0, 0], [-0.002]], b: [[0, 0, 0], [0, 0], [0]] } };
    expect(skyToPixel(folding, 83.5, 22)).toEqual([expect.any(Number), expect.any(Number)]);
    // u − 0.002·u² never reaches 126.
    expect(skyToPixel(folding, 83.6 - 0.2, 22)).toBeUndefined();
  });
});
