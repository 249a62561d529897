import { readFile } from 'node:fs/promises';
import { formatCards } from '../fits/write-card.js';
import { wcsCards } from '../wcs/cards.js';
import { linearWcs } from '../wcs/linear.js';
import { turnedWcs } from '../wcs/turned.js';
import { assertPixels } from './assert-pixels.js';
import type { ExportOptions, ExportSource } from './export-source.js';
import { bytesOf, type MadeFile, wholeFile } from './exported-file.js';
import { UNSEEN_PX, withoutDistortion } from './ini.js';
import { displayOf, type Solved, solvedOf } from './solved.js';
import { type Tags, xmpPacket } from './xmp.js';
import { jpegWithXmp, pngWithXmp } from './xmp-embed.js';

/**
 * Where the upright picture lies on the sky, by the Astronomy Visualization Metadata Standard 1.2. AVM knows no distortion: with one, its
 * plane is the closest, and the whole solution is in `Spatial.FITSheader`. `CDMatrix`, which the standard calls outdated, is the only tag
 * that says that a picture is mirrored.
 */
export function avmTags({ result, image, wcs }: Solved): Tags {
  const upright = turnedWcs(wcs, displayOf(image));
  const { wcs: flat, scale_deg, rotation_deg, worst_px } = linearWcs(upright);
  const { subject } = result.astrometry;
  const names = subject ? [subject.name, subject.common_name].filter((name) => name !== undefined) : [];
  const number = (value: number) => Number(value.toPrecision(15));
  return {
    MetadataVersion: '1.2',
    ...(names.length > 0 && { 'dc:subject': { bag: names } }),
    'Spatial.CoordinateFrame': 'ICRS',
    'Spatial.Equinox': 'J2000',
    'Spatial.ReferenceValue': flat.crval.map(number),
    'Spatial.ReferenceDimension': [flat.width, flat.height],
    'Spatial.ReferencePixel': flat.crpix.map(number),
    'Spatial.Scale': scale_deg.map(number),
    'Spatial.Rotation': String(number(rotation_deg)),
    'Spatial.CoordsystemProjection': 'TAN',
    'Spatial.CDMatrix': flat.cd.flat().map(number),
    'Spatial.Quality': 'Full',
    ...(worst_px > UNSEEN_PX && { 'Spatial.Notes': withoutDistortion(worst_px) }),
    ...(upright.sip && { 'Spatial.FITSheader': lines(formatCards(wcsCards(upright))) }),
  };
}

/** Cards one a line, as a header is written as text. */
const lines = (cards: string): string =>
  (cards.match(/.{80}/gs) ?? []).map((card) => card.trimEnd()).join('\n');

/** The tags alone. */
export async function exportXmp(source: ExportSource): Promise<MadeFile> {
  return wholeFile(xmpPacket(avmTags(await solvedOf(source))));
}

/**
 * A copy of the image with the tags in it. An upright JPEG or PNG keeps its pixels, bit for bit, and the other metadata that it has;
 * all else becomes an upright JPEG.
 */
export async function exportAvm(source: ExportSource, { signal }: ExportOptions): Promise<MadeFile> {
  const solved = await solvedOf(source);
  assertPixels(solved.image.kind, 'to put the tags into');
  const tags = avmTags(solved);
  const { kind, exif_orientation } = solved.image;
  if (exif_orientation === 1 && kind === 'png')
    return wholeFile(pngWithXmp(await readFile(source.imagePath), tags), {
      contentType: 'image/png',
      ending: '-avm.png',
    });
  const jpeg =
    exif_orientation === 1 && kind === 'jpeg'
      ? await readFile(source.imagePath)
      : await bytesOf(await source.picture('preview', { signal }));
  return wholeFile(jpegWithXmp(jpeg, tags));
}
