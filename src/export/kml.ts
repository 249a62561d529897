import { lineOf, nameOf } from '../annotate/names.js';
import { escapeXml } from '../annotate/svg.js';
import { displayFrame } from '../wcs/display.js';
import { frameOutline } from '../wcs/frame-outline.js';
import { pixelToSky } from '../wcs/tan-sip.js';
import { assertPixels } from './assert-pixels.js';
import type { ExportOptions, ExportSource } from './export-source.js';
import { bytesOf, type MadeFile, wholeFile } from './exported-file.js';
import { displayOf, type Solved, solvedOf } from './solved.js';
import { zipOf } from './zip.js';

const PICTURE = 'image.jpg';
const PICTURE_WIDTH = 2048;

/** Longitude in a KML of the sky: right ascension less 180 degrees, from -180 to 180. */
const longitude = (ra_deg: number) => (((ra_deg % 360) + 360) % 360) - 180;

type Places = readonly (readonly [ra_deg: number, dec_deg: number])[];

/** Places as KML writes them; those across the seam go on beyond 180 degrees, for a picture is not as wide as the sky. */
function coordinates(places: Places): string {
  const first = longitude(places[0]?.[0] ?? 0);
  const written = places.map(([ra, dec]) => {
    const turns = Math.round((longitude(ra) - first) / 360);
    return `${(longitude(ra) - 360 * turns).toFixed(7)},${dec.toFixed(7)},0`;
  });
  return `<coordinates>${written.join(' ')}</coordinates>`;
}

/** The picture laid on the sky by its four corners, from the lower left counter-clockwise (KML 2.2 with gx extensions). */
function overlay({ image, wcs }: Solved, name: string): string {
  const { width, height, toPixel } = displayFrame(image, displayOf(image));
  const corners = [
    [0, height],
    [width, height],
    [width, 0],
    [0, 0],
  ] as const;
  return `<GroundOverlay>
<name>${escapeXml(name)}</name>
<Icon><href>${PICTURE}</href></Icon>
<gx:LatLonQuad>${coordinates(corners.map((corner) => pixelToSky(wcs, ...toPixel(corner))))}</gx:LatLonQuad>
</GroundOverlay>`;
}

function kmlOf({ result, wcs }: Solved, name: string, picture: string): string {
  const outline = frameOutline(wcs);
  const objects = result.astrometry.objects.flatMap((object) => {
    const { ra_deg, dec_deg } = object;
    if (ra_deg === undefined || dec_deg === undefined) return [];
    return `<Placemark><name>${escapeXml(lineOf(nameOf(object)))}</name><Point>${coordinates([[ra_deg, dec_deg]])}</Point></Placemark>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2" hint="target=sky">
<Document>
<name>${escapeXml(name)}</name>
${picture}<Placemark><name>${escapeXml(name)}</name>
<LineString>${coordinates([...outline, ...outline.slice(0, 1)])}</LineString>
</Placemark>
<Folder><name>Objects</name>
${objects.join('\n')}
</Folder>
</Document>
</kml>
`;
}

/** Outline and objects of the picture, for Google Earth's sky and its like. */
export async function exportKml(source: ExportSource): Promise<MadeFile> {
  return wholeFile(kmlOf(await solvedOf(source), source.filename, ''));
}

/** The same with the picture, at most `width` wide (2048 unless given). */
export async function exportKmz(
  source: ExportSource,
  { width = PICTURE_WIDTH, signal }: ExportOptions,
): Promise<MadeFile> {
  const solved = await solvedOf(source);
  assertPixels(solved.image.kind, 'to lay on the sky');
  const picture = await bytesOf(await source.picture('preview', { width, signal }));
  const kml = kmlOf(solved, source.filename, `${overlay(solved, source.filename)}\n`);
  return wholeFile(
    zipOf([
      { name: 'doc.kml', bytes: Buffer.from(kml) },
      { name: PICTURE, bytes: picture },
    ]),
  );
}
