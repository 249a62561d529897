import { describe, expect, test } from 'vitest';
import {
  ARCMINUTE,
  ARCSECOND,
  formatAngle,
  formatDec,
  formatRa,
  formatUp,
  roundAngleUpTo,
  SECOND_OF_TIME,
} from '../../src/wcs/angles.js';

describe('angles as people write them', () => {
  test.each([
    [83.822083, 0.001, '05h 35m 17s'],
    [359.9999, 0.001, '00h 00m 00s'],
    [0, 15, '00h'],
    [345, 15, '23h'],
    [7.5, 3.75, '00h 30m'],
  ])('RA %f by %f: %s', (ra, step, text) => expect(formatRa(ra, step)).toBe(text));

  test.each([
    [-5.391111, 0.001, '−05° 23′ 28″'],
    [-0.5, 0.5, '−00° 30′'],
    [0, 1, '+00°'],
    [59.99999, 0.001, '+60° 00′ 00″'],
    [-89, 1, '−89°'],
  ])('Dec %f by %f: %s', (dec, step, text) => expect(formatDec(dec, step)).toBe(text));

  test.each([
    [-12.34, 'up is 12.3° west of north'],
    [168, 'up is 168° east of north'],
    [-0.04, 'north is up'],
  ])('a picture turned by %f°: %s', (deg, text) => expect(formatUp(deg)).toBe(text));

  test.each([
    [12.345, '12.3°'],
    [0.25, '15′'],
    [1 / 3600, '1″'],
    [120, '120°'],
  ])('%f° is %s', (deg, text) => expect(formatAngle(deg)).toBe(text));

  test.each([
    [formatRa(83.822083), '05h 35m 17.3s'],
    [formatRa(359.99999), '00h 00m 00.0s'],
    [formatRa(0.01), '00h 00m 02.4s'],
    [formatRa(-0.01, SECOND_OF_TIME), '23h 59m 58s'],
    [formatRa(83.822083, SECOND_OF_TIME / 1000), '05h 35m 17.300s'],
    [formatDec(-5.391111), '−05° 23′ 28″'],
    [formatDec(59.99999, ARCSECOND / 10), '+60° 00′ 00.0″'],
    [formatDec(-0.5, ARCMINUTE), '−00° 30′'],
  ])('as fine as the step: %s', (written, text) => expect(written).toBe(text));

  test('round lengths: the longest that is not too long', () => {
    expect([3, 0.99, 0.3, 1e-3, 1e-9, 500].map(roundAngleUpTo)).toEqual([
      2,
      30 * ARCMINUTE,
      15 * ARCMINUTE,
      2 * ARCSECOND,
      ARCSECOND,
      30,
    ]);
  });
});
