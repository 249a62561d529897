import type { McpServer } from '@modelcontextprotocol/server';
import type { Style } from '../annotate/drawing-options.js';
import type { AstroJobs } from '../astro-jobs.js';
import { AstroJobsError } from '../job/errors.js';
import { pixelToSky, skyToPixel } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import { answer, answered } from './answer.js';
import {
  objectsInput,
  objectsOutput,
  pictureInput,
  pictureOutput,
  pixelsInput,
  placesInput,
  pointsOutput,
} from './schemas.js';

/** Pictures are shown to models, whose hosts refuse larger ones. */
const MAX_PICTURE_BYTES = 1_000_000;

async function solutionOf(jobs: AstroJobs, job_id: string): Promise<Wcs> {
  const { wcs } = await jobs.geometry(job_id);
  if (wcs) return wcs;
  throw new AstroJobsError('not_found', 'This job has no plate solution', { jobId: job_id });
}

function isInside({ width, height }: Wcs, x: number, y: number): boolean {
  return x >= 0.5 && y >= 0.5 && x <= width + 0.5 && y <= height + 0.5;
}

/** The picture of a job, narrower where it would be too large. */
async function pictureWithin(
  jobs: AstroJobs,
  job_id: string,
  { width, style }: { width: number; style: Style },
): Promise<{ picture: Buffer; width: number }> {
  const picture = await jobs.annotate(job_id, { format: 'jpeg', quality: 85, width, style });
  if (picture.byteLength <= MAX_PICTURE_BYTES || width <= 64) return { picture, width };
  const narrower = Math.max(64, Math.floor(0.9 * width * Math.sqrt(MAX_PICTURE_BYTES / picture.byteLength)));
  return pictureWithin(jobs, job_id, { width: narrower, style });
}

/** `annotate`, `objects`, `pixel_to_sky`, `sky_to_pixel`. */
export function addFieldTools(server: McpServer, jobs: AstroJobs): void {
  server.registerTool(
    'annotate',
    {
      title: 'Picture with names',
      description:
        'The photograph of a solved job as a JPEG, its objects marked and named, with grid, scale and compass.',
      inputSchema: pictureInput,
      outputSchema: pictureOutput,
      annotations: { readOnlyHint: true },
    },
    ({ job_id, ...options }) =>
      answered(async () => {
        const { picture, width } = await pictureWithin(jobs, job_id, options);
        const mime_type = 'image/jpeg';
        const shown = { type: 'image' as const, data: picture.toString('base64'), mimeType: mime_type };
        return answer({ job_id, mime_type, width, bytes: picture.byteLength }, [shown]);
      }),
  );
  server.registerTool(
    'objects',
    {
      title: 'Objects in the picture',
      description:
        'The catalogue objects and stars in the picture of a solved job, with their pixels and places on the sky.',
      inputSchema: objectsInput,
      outputSchema: objectsOutput,
      annotations: { readOnlyHint: true },
    },
    ({ job_id, catalog, limit }) =>
      answered(async () => {
        const result = await jobs.result(job_id);
        if (!result.ok) throw new AstroJobsError(result.error_code, result.error, { jobId: job_id });
        const wanted = catalog?.toLowerCase();
        const found = result.astrometry.objects
          .filter((object) => wanted === undefined || object.catalog?.toLowerCase() === wanted)
          .sort((a, b) => (b.prominence ?? 0) - (a.prominence ?? 0));
        return answer({ job_id, total: found.length, objects: found.slice(0, limit) });
      }),
  );
  server.registerTool(
    'pixel_to_sky',
    {
      title: 'Pixels to sky',
      description: 'Where on the sky pixels of a solved job look, distortion included.',
      inputSchema: pixelsInput,
      outputSchema: pointsOutput,
      annotations: { readOnlyHint: true },
    },
    ({ job_id, pixels }) =>
      answered(async () => {
        const wcs = await solutionOf(jobs, job_id);
        const points = pixels.map(({ x, y }) => {
          const [ra_deg, dec_deg] = pixelToSky(wcs, x, y);
          const sees = !Number.isNaN(ra_deg);
          return { x, y, ...(sees && { ra_deg, dec_deg }), inside: sees && isInside(wcs, x, y) };
        });
        return answer({ job_id, points });
      }),
  );
  server.registerTool(
    'sky_to_pixel',
    {
      title: 'Sky to pixels',
      description: 'Which pixels of a solved job look at places on the sky.',
      inputSchema: placesInput,
      outputSchema: pointsOutput,
      annotations: { readOnlyHint: true },
    },
    ({ job_id, places }) =>
      answered(async () => {
        const wcs = await solutionOf(jobs, job_id);
        const points = places.map(({ ra_deg, dec_deg }) => {
          const pixel = skyToPixel(wcs, ra_deg, dec_deg);
          if (!pixel) return { ra_deg, dec_deg, inside: false };
          const [x, y] = pixel;
          return { x, y, ra_deg, dec_deg, inside: isInside(wcs, x, y) };
        });
        return answer({ job_id, points });
      }),
  );
}
