import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../src/fits/table.js';
import { sourceListFits, tableFits } from '../../src/fits/write-table.js';

interface StoredTable {
  name: string;
  /** gzip, base64 */
  file: string;
  numbers: Record<string, (number | null)[]>;
  text: Record<string, string[]>;
  others: string[];
}

const tables: StoredTable[] = readFileSync(new URL('astropy-tables.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

describe('the columns that astropy reads', () => {
  test.each(tables.map((table) => [table.name, table] as const))('%s', async (_, stored) => {
    const table = await readTable(Buffer.from(stored.file, 'base64'));
    const names = [...Object.keys(stored.numbers), ...Object.keys(stored.text), ...stored.others];
    expect([...table.columns].sort()).toEqual(names.map((name) => name.toUpperCase()).sort());
    for (const [name, values] of Object.entries(stored.numbers)) {
      expect([...table.column(name)], name).toEqual(values.map((value) => value ?? Number.NaN));
    }
    for (const [name, values] of Object.entries(stored.text)) {
      expect(table.text(name), name).toEqual(values);
      expect(() => table.column(name)).toThrow(/holds no numbers/);
    }
    for (const name of stored.others) expect(() => table.column(name)).toThrow(/holds no numbers/);
    expect(() => table.column('NOT_THERE')).toThrow(/no column NOT_THERE/);
  });
});

describe('a list of stars', () => {
  const sources = {
    x: Float64Array.of(1.25, 2000.123456789, 3),
    y: Float64Array.of(4, 5, 6),
    flux: Float32Array.of(900, 800, 700),
    background: [7, 7, 7],
  };

  test('is read as it was written', async () => {
    const cards = [
      { keyword: 'IMAGEW', value: 800, comment: 'width' },
      { keyword: 'NAXIS', value: 9, comment: 'left out' },
    ];
    const bytes = sourceListFits(sources, 'D', cards);
    expect(bytes.length % 2880).toBe(0);
    const table = await readTable(bytes);
    expect(table.columns).toEqual(['X', 'Y', 'FLUX', 'BACKGROUND']);
    expect(table.column('x')).toEqual(sources.x);
    expect([...table.column('FLUX')]).toEqual([900, 800, 700]);
    expect([table.primary.number('IMAGEW'), table.primary.number('NAXIS')]).toEqual([800, 0]);
  });

  test('in 32 bits, without brightness, and empty', async () => {
    const table = await readTable(sourceListFits({ x: sources.x, y: sources.y }, 'E'));
    expect(table.columns).toEqual(['X', 'Y']);
    expect([...table.column('X')]).toEqual([...Float32Array.from(sources.x)]);
    expect((await readTable(sourceListFits({ x: [], y: [] }))).rows).toBe(0);
    expect(() => sourceListFits({ x: [1], y: [] })).toThrow(/different lengths/);
  });

  test('with integers and units', async () => {
    const bytes = tableFits([
      { name: 'id', format: 'J', values: [-1, 2_000_000_000] },
      { name: 'ra', format: 'D', values: [0.1, 359.9], unit: 'deg' },
    ]);
    const table = await readTable(bytes);
    expect([...table.column('ID')]).toEqual([-1, 2_000_000_000]);
    expect([...table.column('RA')]).toEqual([0.1, 359.9]);
    expect(table.header.string('TUNIT2')).toBe('deg');
  });

  test('of many rows crosses the pieces in which it is read', async () => {
    const x = Float64Array.from({ length: 10_001 }, (_, i) => i / 7);
    expect((await readTable(sourceListFits({ x, y: x }))).column('Y')).toEqual(x);
  });

  test('is refused before it is read when it is too large, and found by unit', async () => {
    const bytes = sourceListFits(sources);
    await expect(readTable(bytes, undefined, { maxBytes: 50 })).rejects.toMatchObject({
      code: 'image_too_large',
    });
    await expect(readTable(bytes, 0)).rejects.toMatchObject({ code: 'corrupt_image' });
    expect((await readTable(bytes, 1)).rows).toBe(3);
    const lying = Buffer.from(
      bytes.toString('latin1').replace('NAXIS2  =                    3', 'NAXIS2  =               999999'),
      'latin1',
    );
    await expect(readTable(lying)).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});
