// biome-ignore-all lint/style/noNonNullAssertion: columns of a table are of one length.
import { readTable } from '../fits/table.js';
import { AstroJobsError } from '../job/errors.js';
import type { ExportSource } from './export-source.js';
import { type MadeFile, requiredFile, wholeFile } from './exported-file.js';
import { qualityMap } from './quality-map.js';

/** How sharp the picture is in its parts. */
export async function exportQualityMap({ result }: ExportSource): Promise<MadeFile> {
  const map = result?.ok ? qualityMap(result) : undefined;
  if (map === undefined)
    throw new AstroJobsError(
      'not_found',
      'The stars of this image were not measured, or are too few for a map',
    );
  return wholeFile(map);
}

/** Decimals that tell more than the measurement does, at most. */
const DECIMALS: Readonly<Record<string, number>> = { X: 3, Y: 3, RA: 6, DEC: 6, HIP: 0, FLAGS: 0 };
const OTHERS = 4;

/** The measured stars as text: a line of names, and one for each star; empty where a number is not known. */
export async function exportStarsCsv(source: ExportSource): Promise<MadeFile> {
  const table = await readTable(await requiredFile(source, 'stars.fits'));
  const { columns: names } = table;
  const columns = names.map((name) => ({ values: table.column(name), decimals: DECIMALS[name] ?? OTHERS }));
  const lines = Array.from({ length: table.rows }, (_, row) =>
    columns.map(({ values, decimals }) => numberText(values[row]!, decimals)).join(','),
  );
  const text = `${[names.map((name) => name.toLowerCase()).join(','), ...lines].join('\r\n')}\r\n`;
  return wholeFile(text);
}

const numberText = (value: number, decimals: number) =>
  Number.isFinite(value) ? String(Number(value.toFixed(decimals))) : '';
