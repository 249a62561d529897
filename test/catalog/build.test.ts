import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

test('the catalogue in the package is what its script builds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  try {
    const built = join(folder, 'catalog.json.br');
    execFileSync(process.execPath, [path('scripts/build-catalog.mjs'), built]);
    // Compared unpacked: another version of the compressor may pack the same text otherwise.
    const text = (file: string) => brotliDecompressSync(readFileSync(file)).toString();
    expect(text(built) === text(path('data/catalog.json.br'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('it takes little of the package', () => {
  expect(readFileSync(path('data/catalog.json.br')).length).toBeLessThan(1_500_000);
});
