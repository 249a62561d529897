import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openImage } from '../../src/image/open.js';
import { separation } from '../../src/wcs/sphere.js';
import type { Answer, Peer } from './peer.js';

/** What `manifest.json` says of each file, as far as it matters here. Degrees, J2000; arcseconds per pixel. */
const manifestSchema = z.array(
  z.looseObject({
    file: z.string(),
    truth: z
      .looseObject({
        ra: z.number(),
        dec: z.number(),
        /** The place need only lie in the field; otherwise it is the centre. */
        approx: z.boolean().optional(),
        scale_arcsec: z.number().optional(),
        /** Width of the field. */
        fovw: z.number().optional(),
      })
      .optional(),
    /** A solution that was looked at when the collection was made. */
    plain_solve_field: z
      .looseObject({ ra_center: z.number(), dec_center: z.number(), pixscale_arcsec: z.number() })
      .optional(),
  }),
);
type Entry = z.output<typeof manifestSchema>[number];

/** Where a photograph lies. */
export interface Reference {
  ra: number;
  dec: number;
  scale: number;
  /** Degrees by which a right answer's centre may be off. */
  tolerance: number;
  /** Where this was taken from. */
  from: 'manifest' | 'our blind solution';
}

export interface Photograph {
  name: string;
  path: string;
  megapixels: number;
  reference: Reference;
}

/** Shares of the field's diagonal: lenses bend wide fields, and programs fit that differently; an object may lie in a corner. */
const CENTRE_TOLERANCE = 0.1;
const OBJECT_TOLERANCE = 0.5;
const SCALE_TOLERANCE = 0.15;

/** Whether an answer says where the photograph lies. */
export function isRight({ ra, dec, scale }: NonNullable<Answer['field']>, reference: Reference): boolean {
  const off = separation(ra, dec, reference.ra, reference.dec);
  return off <= reference.tolerance && Math.abs(Math.log(scale / reference.scale)) <= SCALE_TOLERANCE;
}

export interface FolderOptions {
  only: RegExp;
  /** Solves blind what the manifest does not know. */
  ours: Peer;
  timeout: number;
}

/**
 * The photographs of a folder, and why others are left out.
 *
 * With a manifest these are the files that it knows the place of. What is not known of a photograph (everything, where there is no
 * manifest) is taken from our own blind solution; then an answer is checked against that.
 */
export async function readFolder(
  folder: string,
  { only, ours, timeout }: FolderOptions,
): Promise<{ photographs: Photograph[]; leftOut: string[] }> {
  const manifest = await readManifest(join(folder, 'manifest.json'));
  const names = (await readdir(folder)).filter((name) => only.test(name) && !/\.(json|md|txt)$/i.test(name));
  const photographs: Photograph[] = [];
  const leftOut: string[] = [];
  for (const name of names.sort()) {
    const entry = manifest?.get(name);
    if (manifest && !entry?.truth && !entry?.plain_solve_field) {
      leftOut.push(`${name}: the manifest does not say where it lies`);
      continue;
    }
    const path = join(folder, name);
    try {
      const { width, height } = await openImage(path);
      const known = entry && knownOf(entry, width, height);
      const reference = known ?? (await ownSolution(path, { width, height, entry, ours, timeout }));
      if (reference) photographs.push({ name, path, megapixels: (width * height) / 1e6, reference });
      else leftOut.push(`${name}: not known where it lies, and not solved by us`);
    } catch (error) {
      leftOut.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { photographs, leftOut };
}

async function readManifest(path: string): Promise<Map<string, Entry> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return new Map(manifestSchema.parse(JSON.parse(text)).map((entry) => [entry.file, entry]));
}

function knownOf({ truth, plain_solve_field: plain }: Entry, width: number, height: number) {
  const diagonal = (scale: number) => (Math.hypot(width, height) * scale) / 3600;
  if (plain) {
    const { ra_center: ra, dec_center: dec, pixscale_arcsec: scale } = plain;
    return { ra, dec, scale, tolerance: CENTRE_TOLERANCE * diagonal(scale), from: 'manifest' as const };
  }
  const scale = truth?.scale_arcsec ?? (truth?.fovw && (truth.fovw * 3600) / width);
  if (!truth || !scale) return undefined;
  const share = truth.approx ? OBJECT_TOLERANCE : CENTRE_TOLERANCE;
  const tolerance = share * diagonal(scale);
  return { ra: truth.ra, dec: truth.dec, scale, tolerance, from: 'manifest' as const };
}

interface Unknown {
  width: number;
  height: number;
  entry: Entry | undefined;
  ours: Peer;
  timeout: number;
}

async function ownSolution(
  path: string,
  { width, height, entry, ours, timeout }: Unknown,
): Promise<Reference | undefined> {
  const { field } = await ours.run({ path, timeout });
  if (!field) return undefined;
  const diagonal = (Math.hypot(width, height) * field.scale) / 3600;
  const truth = entry?.truth;
  // A place that is known stays the measure, also of ourselves.
  if (truth && separation(truth.ra, truth.dec, field.ra, field.dec) > OBJECT_TOLERANCE * diagonal)
    return undefined;
  return { ...field, tolerance: CENTRE_TOLERANCE * diagonal, from: 'our blind solution' };
}
