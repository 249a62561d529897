import { describe, expect, test } from 'vitest';
import { captionOf } from '../../src/annotate/captions.js';
import { textOutline, textWidth } from '../../src/annotate/font.js';
import { frame } from '../catalog/support.js';
import { resultOf } from './support.js';

describe('the caption', () => {
  const display = { rowOrder: 'top-down' } as const;
  test('tells centre, field, date and instrument', () => {
    const { title, lines } = captionOf(
      resultOf(frame(83.822, -5.391, 2), display, {
        capture: {
          datetime_utc: '2024-01-10T21:05:33Z',
          datetime: '2024-01-10T22:05:33',
          camera_make: 'Canon',
          camera_model: 'Canon EOS 6D',
          exposure: 30,
          iso: 1600,
        },
      }),
    );
    expect(title).toBe('M 42 Orion Nebula in Orion');
    expect(lines[0]).toContain('RA 05h 35m 17s   Dec −05° 23′ 28″');
    expect(lines[0]).toContain('2° × 1.33°');
    expect(lines[1]).toBe('2024-01-10 21:05 UTC   ·   Canon EOS 6D   ·   30 s   ·   ISO 1600');
  });

  test('takes the name that was recorded, says no zone that is not known, and nothing that is not known', () => {
    const recorded = captionOf(
      resultOf(frame(83.822, -5.391, 2), display, {
        capture: { object: 'M42 first light', datetime: '2024-01-10T22:05:33' },
      }),
    );
    expect(recorded.title).toBe('M42 first light');
    expect(recorded.lines[1]).toBe('2024-01-10 22:05');
    const bare = captionOf(resultOf(frame(165, -15, 20), display));
    expect(bare.title).toBe('Crater');
    expect(bare.lines).toHaveLength(1);
  });
});

describe('letters as outlines', () => {
  test('a line is one path of absolute commands', () => {
    expect(textOutline('ζ Ori −05° 23′ ±1″')).toMatch(/^[MLQCZ\d\s.-]+$/);
    expect(textOutline('')).toBe('');
  });

  test('each letter starts where the one before it ends', () => {
    const left = (path: string) => Math.min(...[...path.matchAll(/[ML](-?\d+)/g)].map(([, x]) => Number(x)));
    const [one, two] = [textOutline('H'), textOutline('HH')];
    expect(two.startsWith(one)).toBe(true);
    expect(left(two.slice(one.length)) - left(one)).toBe(textWidth('H', 1000));
    expect(textWidth('HH', 20)).toBeCloseTo(2 * textWidth('H', 20), 9);
  });

  test('bold is wider; accents do not matter how they are composed; what cannot be seen takes no space', () => {
    expect(textWidth('Orion', 20, 'bold')).toBeGreaterThan(textWidth('Orion', 20));
    expect(textOutline('Faberge\u0301')).toBe(textOutline('Fabergé'));
    expect(textOutline('a\u200bb')).toBe(textOutline('ab'));
  });

  test('a letter that the typeface lacks is a box', () => {
    expect(textOutline('北')).toBe(textOutline('□'));
  });
});
