import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDocument } from '../../src/cli/print.js';
import { printable, printableLines } from '../../src/cli/printable.js';

/** Any text, with what hurts terminals often in it. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(
      '\u001b[2J',
      '\u009b31m',
      '\r',
      '\n',
      '\t',
      '\u0007',
      '\u202e',
      '\u2028',
      '\ud800',
      '"',
      '\\',
      'é',
      '🔭',
    ),
  ),
});

const STEERS_A_TERMINAL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('text from outside', () => {
  it('is shown with every control character, direction mark and lone surrogate spelled out', () => {
    expect(printable('a\u001b[31mb\r\n\u009b\u202e\u2028\ud800z')).toBe(
      'a\\u001b[31mb\\u000d\\u000a\\u009b\\u202e\\u2028\\ud800z',
    );
    expect(printable('Crab Nebula – M 1, déjà vu 🔭')).toBe('Crab Nebula – M 1, déjà vu 🔭');
    fc.assert(fc.property(hostile, (text) => !STEERS_A_TERMINAL.test(printable(text))));
  });

  it('keeps its newlines and tabs, and only those, when it has lines', () => {
    expect(printableLines('one\n\ttwo\u001b]0;x\u0007\r\n')).toBe('one\n\ttwo\\u001b]0;x\\u0007\\u000d\n');
    fc.assert(
      fc.property(hostile, (text) => !STEERS_A_TERMINAL.test(printableLines(text).replace(/[\n\t]/g, ''))),
    );
  });
});

describe('a document on stdout', () => {
  it('has the documented form, to the space', () => {
    expect(formatDocument({ ok: true, job_id: 'f'.repeat(32) }, false)).toBe(
      `{"ok": true, "job_id": "${'f'.repeat(32)}"}`,
    );
    expect(
      formatDocument({ ok: true, jobs: [], fov_deg: [1.2, 0.8], none: {}, in: { a: null } }, false),
    ).toBe('{"ok": true, "jobs": [], "fov_deg": [1.2, 0.8], "none": {}, "in": {"a": null}}');
  });

  it('is JSON again when it is read, whatever is in it, in either form, and steers no terminal', () => {
    const anything = fc.jsonValue({ noUnicodeString: false });
    fc.assert(
      fc.property(fc.record({ anything, hostile }), fc.boolean(), (document, forPeople) => {
        const text = formatDocument(document, forPeople);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)));
        expect(text.replaceAll('\n', '')).not.toMatch(STEERS_A_TERMINAL);
        if (!forPeople) expect(text).not.toContain('\n');
      }),
    );
  });
});
