import { AstroJobsError, type JobStatus } from '../../index.js';
import { displayFrame } from '../../wcs/display.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import { attachment, UNTRUSTED_CSP } from '../responses.js';
import type { Call } from '../services.js';
import { zipOf } from './zip.js';

const PICTURE = 'image.jpg';
const PICTURE_WIDTH = 2048;

const escaped = (text: string) =>
  text
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd]/g, '');

/** Longitude in a KML of the sky: right ascension less 180 degrees, from -180 to 180. */
const longitude = (ra_deg: number) => (((ra_deg % 360) + 360) % 360) - 180;

/** The picture laid on the sky by its four corners, from the lower left counter-clockwise (KML 2.2 with gx extensions). */
function kmlOf(name: string, corners: readonly (readonly [ra_deg: number, dec_deg: number])[]): string {
  const first = longitude(corners[0]?.[0] ?? 0);
  const quad = corners.map(([ra, dec]) => {
    // A picture across the seam goes on beyond 180 degrees, for it is not as wide as the sky.
    const turns = Math.round((longitude(ra) - first) / 360);
    return `${(longitude(ra) - 360 * turns).toFixed(7)},${dec.toFixed(7)},0`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2" hint="target=sky">
  <GroundOverlay>
    <name>${escaped(name)}</name>
    <Icon><href>${PICTURE}</href></Icon>
    <gx:LatLonQuad><coordinates>${quad.join(' ')}</coordinates></gx:LatLonQuad>
  </GroundOverlay>
</kml>
`;
}

/** nova's `kml_file`: the picture and its place as KMZ, for Google Earth's sky and its like. */
export async function kmlFile(call: Call, status: JobStatus): Promise<Response> {
  const { image, wcs } = await call.jobs.geometry(status.job_id);
  if (!wcs) throw new AstroJobsError('not_found', 'This job has no plate solution', { jobId: status.job_id });
  if (wcs.projection)
    throw new AstroJobsError(
      'not_found',
      'A picture of a fisheye lens cannot be laid on the sky by its four corners',
      {
        jobId: status.job_id,
      },
    );
  const frame = displayFrame(image, { rowOrder: image.row_order, exifOrientation: image.exif_orientation });
  const { width, height } = frame;
  const corners = [
    [0, height],
    [width, height],
    [width, 0],
    [0, 0],
  ] as const;
  const kml = kmlOf(
    status.filename ?? 'image',
    corners.map((corner) => pixelToSky(wcs, ...frame.toPixel(corner))),
  );
  const signal = call.request.signal;
  const preview = await call.jobs.export(status.job_id, 'preview', { width: PICTURE_WIDTH, signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of preview.read()) pieces.push(piece);
  const kmz = zipOf([
    { name: 'doc.kml', bytes: Buffer.from(kml) },
    { name: PICTURE, bytes: Buffer.concat(pieces) },
  ]);
  return new Response(new Uint8Array(kmz), {
    headers: {
      'content-type': 'application/vnd.google-earth.kmz',
      'content-length': String(kmz.byteLength),
      'content-disposition': attachment('image.kmz'),
      'content-security-policy': UNTRUSTED_CSP,
      'cache-control': 'private, no-cache',
    },
  });
}
