import { describe, expect, it } from 'vitest';
import { parseAngle } from '../../src/capture/sexagesimal.js';

describe('parseAngle', () => {
  it.each([
    ['05 34 31.9', 5 + 34 / 60 + 31.9 / 3600, undefined],
    ['-5:23:28', -(5 + 23 / 60 + 28 / 3600), undefined],
    ['-0 12 3', -(12 / 60 + 3 / 3600), undefined],
    ['- 00:00:01', -1 / 3600, undefined],
    ['\u22125 30', -5.5, undefined],
    ['+51d03m00.0s', 51.05, 'degrees'],
    ['5h35m17s', 5 + 35 / 60 + 17 / 3600, 'hours'],
    ['5h 35m 17 s', 5 + 35 / 60 + 17 / 3600, 'hours'],
    ['5h34.5m', 5.575, 'hours'],
    ['51° 3\u2032 0\u2033 N', 51.05, 'degrees'],
    ["51°3'0''S", -51.05, 'degrees'],
    ['33.5S', -33.5, undefined],
    ['-33.5 S', -33.5, undefined],
    ['-38 30 00 S', -38.5, undefined],
    ['South 38 30', -38.5, undefined],
    ['05.34.31.9', 5 + 34 / 60 + 31.9 / 3600, undefined],
    ['05,34,31', 5 + 34 / 60 + 31 / 3600, undefined],
    ['05-34-31', 5 + 34 / 60 + 31 / 3600, undefined],
    ['05/34/31', 5 + 34 / 60 + 31 / 3600, undefined],
    ['05;34;31', 5 + 34 / 60 + 31 / 3600, undefined],
    ['+51*03:00', 51.05, 'degrees'],
    // The colon before the decimals is PRISM's (astropy/astropy#15558).
    ['+44:17:42:99', 44 + 17 / 60 + 42.99 / 3600, undefined],
    ['W 70 30', -70.5, undefined],
    ['+51 03 00.0', 51.05, undefined],
    ['83.82', 83.82, undefined],
    ['83,82', 83.82, undefined],
    ['.5', 0.5, undefined],
  ])('%s', (text, value, unit) => {
    const angle = parseAngle(text);
    expect(angle?.value).toBeCloseTo(value, 12);
    expect(angle?.unit).toBe(unit);
  });

  it.each([
    '',
    '-',
    'NaN',
    '5 75 0',
    '5 30 99',
    '5.5 30 0',
    '1 2 3 4',

    'here',
    '--5',
    '-5 N',
    '-5 E',
    '1e5',
  ])('%j is none', (text) => {
    expect(parseAngle(text)).toBeUndefined();
  });
});
