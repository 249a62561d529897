import type { AstroJobsClient, FileEntry, Geometry } from '../../client/index.js';
import { h, icon } from './dom.js';
import { formatBytes } from './format.js';

/** All that can be taken along. */
export function filesPanel(
  client: AstroJobsClient,
  { job_id, filename }: { job_id: string; filename?: string | undefined },
  files: readonly FileEntry[],
  geometry: Geometry,
): HTMLElement {
  const size = (name: string) => files.find((file) => file.name === name)?.size;
  const stem = (filename ?? 'image').replace(/\.[^.]{1,5}$/, '');
  const link = (
    name: string,
    about: string,
    what: Parameters<typeof client.addressOf>[1],
    saveAs: string,
    bytes?: number,
  ) =>
    h(
      'li',
      {},
      h(
        'a',
        { class: 'file', href: client.addressOf(job_id, what), download: saveAs },
        icon('download'),
        h('span', {}, name, h('small', {}, about)),
        bytes !== undefined && h('small', {}, formatBytes(bytes)),
      ),
    );
  const pixels = geometry.image.kind !== 'source-list';
  return h(
    'section',
    { class: 'panel' },
    h(
      'ul',
      { class: 'files' },
      pixels && link('Annotated picture', 'JPEG, ready to show', 'annotated.jpg', `${stem}-annotated.jpg`),
      link('Result', 'everything here, as JSON', 'result', `${stem}.json`, size('result.json')),
      size('solution.wcs') !== undefined &&
        link('WCS', 'FITS header of the solution', 'files/solution.wcs', `${stem}.wcs`, size('solution.wcs')),
      pixels &&
        size('solution.wcs') !== undefined &&
        link('New FITS', 'the image with the solution in its header', 'new.fits', `${stem}-solved.fits`),
      size('solution.axy') !== undefined &&
        link('Stars found', 'FITS table', 'files/solution.axy', `${stem}.axy`, size('solution.axy')),
      size('solution.corr') !== undefined &&
        link('Stars matched', 'FITS table', 'files/solution.corr', `${stem}.corr`, size('solution.corr')),
      link('Original', 'as it came', 'image', filename ?? 'image'),
      link('Log', 'what the solver printed', 'log', `${stem}.log`),
    ),
  );
}
