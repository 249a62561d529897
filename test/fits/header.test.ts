import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inheritHeader, MAX_CARDS, parseHeader } from '../../src/fits/header.js';
import { formatCard, formatCards } from '../../src/fits/write-card.js';

const header = (...cards: string[]) =>
  parseHeader(Buffer.from([...cards, 'END'].map((card) => card.padEnd(80)).join(''), 'latin1'));

describe('values', () => {
  test.each([
    ["OBJECT  = 'M 31 / Andromeda'   / a slash inside", 'M 31 / Andromeda', 'a slash inside'],
    ["OBJECT  = 'O''HARA''S'", "O'HARA'S", ''],
    ["OBJECT  = '  leading blanks   '", '  leading blanks', ''],
    ["OBJECT  = ''                   / empty", '', 'empty'],
    ["OBJECT  ='no space before'", 'no space before', ''],
    ['OBJECT  =                  -1.5D-03 / Fortran', -0.0015, 'Fortran'],
    ['OBJECT  = 1.e+2', 100, ''],
    ['OBJECT  = +.5/half', 0.5, 'half'],
    ['OBJECT  =                    T / true', true, 'true'],
    ['OBJECT  = F', false, ''],
    ['OBJECT  = (1.5, -2) / complex', '(1.5, -2)', 'complex'],
    ['OBJECT  =                      / nothing', undefined, 'nothing'],
    ['OBJECT  = 100000000000000000000', 1e20, ''],
  ])('%s', (card, value, comment) => {
    const parsed = header(card);
    expect(parsed.cards).toEqual([{ keyword: 'OBJECT', value, comment }]);
    expect(parsed.notes).toEqual([]);
  });

  test.each([
    ["OBJECT  = 'never closed", 'never closed', /closing quote/],
    ['OBJECT  = M31 / bare', 'M31', /neither a number nor quoted/],
    ['OBJECT  = NaN', 'NaN', /neither a number nor quoted/],
    ["OBJECT  = 'a' b", 'a', /between the value and its comment/],
  ])('damaged: %s', (card, value, note) => {
    const parsed = header(card, 'NEXT    = 1');
    expect(parsed.get('OBJECT')).toBe(value);
    expect(parsed.number('NEXT')).toBe(1);
    expect(parsed.notes).toEqual([expect.stringMatching(note)]);
  });

  test('are asked for by kind', () => {
    const parsed = header(
      "A       = ' 530.5 '",
      "B       = 'NaN'",
      'C       = 7',
      'D       = T',
      "E       = '   '",
    );
    expect(['A', 'B', 'C', 'D', 'E', 'F'].map((keyword) => parsed.number(keyword))).toEqual([
      530.5,
      undefined,
      7,
      undefined,
      undefined,
      undefined,
    ]);
    expect(parsed.string('A')).toBe('530.5');
    expect(parsed.string('E')).toBeUndefined();
    expect(parsed.string('C')).toBeUndefined();
    expect(parsed.boolean('D')).toBe(true);
    expect(parsed.boolean('C')).toBeUndefined();
    expect([parsed.has('E'), parsed.has('F')]).toEqual([true, false]);
  });

  test('beyond ASCII are UTF-8, else Latin-1; control characters become blanks', () => {
    const utf8 = Buffer.from("OBSERVER= 'Жанна \u00e9'").toString('latin1');
    expect(header(utf8).string('OBSERVER')).toBe('Жанна é');
    expect(header("OBSERVER= 'Ren\xe9'").string('OBSERVER')).toBe('René');
    expect(header("OBSERVER= 'a\x1b[31mb\x07\x00'").string('OBSERVER')).toBe('a [31mb');
  });
});

describe('cards', () => {
  test('COMMENT and HISTORY are whole, whatever stands in column 9', () => {
    const parsed = header(
      'COMMENT two characters more',
      'HISTORY = not a value',
      'COMMENT',
      '        blank keyword',
    );
    expect(parsed.comments).toEqual(['two characters more', '']);
    expect(parsed.history).toEqual(['= not a value']);
    expect(parsed.cards[3]).toEqual({ keyword: '', value: 'blank keyword', comment: '' });
  });

  test('CONTINUE goes on with a string', () => {
    const parsed = header(
      "LONG    = 'one &'              / first",
      "CONTINUE  'two&' / second",
      "CONTINUE  ' three'",
      "CONTINUE  'astray'",
      "AMP     = 'ends with &'",
    );
    expect(parsed.get('LONG')).toBe('one two three');
    expect(parsed.all('LONG')[0]?.comment).toBe('first second');
    expect(parsed.get('AMP')).toBe('ends with &');
    expect(parsed.all('CONTINUE').map(({ value }) => value)).toEqual(['astray']);
  });

  test('HIERARCH keywords are found with and without the word, in either case', () => {
    const parsed = header('HIERARCH ESO TEL  FOCU LEN = 24.5 / [m]', 'HIERARCH without a value');
    expect(parsed.number('ESO TEL FOCU LEN')).toBe(24.5);
    expect(parsed.number('hierarch eso tel focu len')).toBe(24.5);
    expect(parsed.all('HIERARCH')[0]?.value).toBe(' without a value');
  });

  test('the first of several counts, and all are kept in order', () => {
    const parsed = header('GAIN    = 1', 'OTHER   = 0', 'GAIN    = 2');
    expect(parsed.number('GAIN')).toBe(1);
    expect(parsed.all('GAIN').map(({ value }) => value)).toEqual([1, 2]);
    expect(parsed.cards.map(({ keyword }) => keyword)).toEqual(['GAIN', 'OTHER', 'GAIN']);
  });

  test('end at END, and their number is bounded', () => {
    const endless = parseHeader(Buffer.from('COMMENT x'.padEnd(80).repeat(MAX_CARDS + 500)));
    expect(endless.cards.length).toBe(MAX_CARDS);
    expect(endless.notes).toEqual([expect.stringContaining('only the first')]);
    expect(header('A       = 1', 'END', 'B       = 2').has('B')).toBe(false);
    expect(parseHeader(Buffer.from('A       = 1'.padEnd(80))).notes).toEqual([
      expect.stringContaining('no END'),
    ]);
  });

  test('of an extension stand before those of the primary header', () => {
    const merged = inheritHeader(header('GAIN    = 2'), header('GAIN    = 1', "OBJECT  = 'M 1'"));
    expect([merged.number('GAIN'), merged.string('OBJECT')]).toEqual([2, 'M 1']);
    expect(merged.all('GAIN').length).toBe(1);
  });
});

describe('writing cards', () => {
  test.each([
    [{ keyword: 'SIMPLE', value: true, comment: 'standard' }, 'SIMPLE  =                    T / standard'],
    [{ keyword: 'NAXIS1', value: 800, comment: '' }, 'NAXIS1  =                  800'],
    [{ keyword: 'CD1_1', value: -1.5e-7, comment: '' }, 'CD1_1   =              -1.5E-7'],
    [{ keyword: 'OBJECT', value: "O'H", comment: 'c' }, "OBJECT  = 'O''H    '           / c"],
    [{ keyword: 'NOTHING', value: undefined, comment: 'c' }, 'NOTHING =  / c'],
    [{ keyword: 'FOCALLEN', value: Number.NaN, comment: '' }, 'FOCALLEN='],
    [{ keyword: 'COMMENT', value: ' free text', comment: '' }, 'COMMENT  free text'],
    [{ keyword: 'ESO TEL', value: 3, comment: '' }, 'HIERARCH ESO TEL =                    3'],
    [{ keyword: 'OBJECT', value: 'é\n', comment: '' }, "OBJECT  = '??      '"],
  ])('%j', (card, text) => {
    expect(formatCard(card)).toBe(text.padEnd(80));
  });

  test('any card is 80 printable characters, and is read again as it was', () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab'/&= 1.TF"), maxLength: 40 });
    const value = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.integer(),
      fc.boolean(),
      text,
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][A-Z0-9_-]{0,7}$/), value, (keyword, value) => {
        fc.pre(!['COMMENT', 'HISTORY', 'CONTINUE', 'END', 'HIERARCH'].includes(keyword));
        const card = formatCard({ keyword, value, comment: '' });
        expect(card).toMatch(/^[\x20-\x7e]{80}$/);
        const read = parseHeader(Buffer.from(card)).get(keyword);
        if (typeof value === 'string') expect(read).toBe(value.trimEnd().slice(0, String(read).length));
        else expect(read).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 2000 },
    );
  });

  test('a long comment goes on in the next card', () => {
    const value = 'x'.repeat(200);
    const read = parseHeader(Buffer.from(formatCards([{ keyword: 'COMMENT', value, comment: '' }])));
    expect(read.comments.join('')).toBe(value);
    expect(read.cards.length).toBe(3);
  });

  test('a string that is too long is cut between its characters', () => {
    const read = parseHeader(
      Buffer.from(formatCard({ keyword: 'OBJECT', value: "'".repeat(90), comment: 'lost' })),
    );
    expect(read.get('OBJECT')).toBe("'".repeat(34));
    expect(read.notes).toEqual([expect.stringContaining('no END')]);
  });
});
