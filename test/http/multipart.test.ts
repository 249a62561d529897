import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, multipartParts } from '../../src/http/multipart.js';

const BOUNDARY = '===============7330845974216740156==';

async function* chunked(body: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

async function read(body: Buffer, size = 7) {
  const parts: { name: string; filename?: string; bytes: Buffer }[] = [];
  for await (const { name, filename, body: bytes } of multipartParts(chunked(body, size), BOUNDARY)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    parts.push({ name, filename, bytes: Buffer.concat(chunks) });
  }
  return parts;
}

/** A form with each kind of line end where each program puts it. */
function form(content: Buffer, ends: { boundary: string; header: string }): Buffer {
  const { boundary, header } = ends;
  return Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}${boundary}Content-Disposition: form-data; name="request-json"${header}${header}{"a": 1}${boundary}`,
    ),
    Buffer.from(`--${BOUNDARY}${boundary}Content-Type: application/octet-stream${header}`),
    Buffer.from(`Content-disposition: form-data; name="file"; filename="m 42.fits"${header}${header}`),
    content,
    Buffer.from(`${boundary}--${BOUNDARY}--${boundary}`),
  ]);
}

const DIALECTS = [
  { name: 'CRLF everywhere, as the standard has it', boundary: '\r\n', header: '\r\n' },
  { name: 'boundary lines in LF, headers in CRLF, as client.py', boundary: '\n', header: '\r\n' },
  { name: 'LF everywhere', boundary: '\n', header: '\n' },
];

describe.each(DIALECTS)('multipart with $name', (ends) => {
  it('gives the bytes of any content back, whatever the chunks', async () => {
    const tricky = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(fc.constantFrom('\r', '\n', '\r\n', '-', '--', `--${BOUNDARY.slice(0, 9)}`, 'x'), {
          maxLength: 30,
        })
        .map((texts) => Buffer.from(texts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(tricky, fc.integer({ min: 1, max: 90 }), async (content, size) => {
        const parts = await read(form(Buffer.from(content), ends), size);
        expect(parts.map(({ name, filename }) => [name, filename])).toEqual([
          ['request-json', undefined],
          ['file', 'm 42.fits'],
        ]);
        expect(parts[0]!.bytes.toString()).toBe('{"a": 1}');
        expect(parts[1]!.bytes.equals(Buffer.from(content))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses a body that ends at any earlier byte', async () => {
    const body = form(Buffer.from('some bytes\r'), ends);
    const whole = body.lastIndexOf(`--${BOUNDARY}--`) + BOUNDARY.length + 4;
    for (let length = 0; length < whole; length++) {
      await expect(read(body.subarray(0, length))).rejects.toMatchObject({ code: 'incomplete_body' });
    }
    await expect(read(body.subarray(0, whole))).resolves.toHaveLength(2);
  });
});

describe('multipart', () => {
  it('takes names in any writing', async () => {
    const name = (disposition: string) =>
      read(
        Buffer.from(
          `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n\r\n--${BOUNDARY}--`,
        ),
      );
    expect(await name('name=file; filename=a.jpg')).toMatchObject([{ name: 'file', filename: 'a.jpg' }]);
    expect(await name('filename="a\\"b.jpg"; name="file"')).toMatchObject([
      { name: 'file', filename: 'a"b.jpg' },
    ]);
    expect(await name(`name="file"; filename="x"; filename*=UTF-8''M%C3%A9ssier.jpg`)).toMatchObject([
      { filename: 'Méssier.jpg' },
    ]);
  });

  it.each([
    ['a part without a name', 'X: y\r\n\r\n'],
    ['a header line without a colon', 'nonsense\r\n\r\n'],
    ['a header line without end', `X: ${'y'.repeat(100_000)}`],
    ['header lines without end', 'X: y\r\n'.repeat(1000)],
  ])('refuses %s', async (_, headers) => {
    const body = Buffer.from(`--${BOUNDARY}\r\n${headers}\r\n--${BOUNDARY}--`);
    await expect(read(body, 4096)).rejects.toMatchObject({ status: 400, code: 'invalid_multipart' });
  });

  it('finds the boundary, quoted or not', () => {
    expect(boundaryOf(`multipart/form-data; boundary="${BOUNDARY}"`)).toBe(BOUNDARY);
    expect(boundaryOf('Multipart/Form-Data; charset=utf-8; boundary=abc; x=y')).toBe('abc');
    expect(boundaryOf('application/json')).toBeUndefined();
    expect(boundaryOf(null)).toBeUndefined();
  });
});
