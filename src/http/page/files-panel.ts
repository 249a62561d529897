import type { AstroJobsClient, ExportEntry, FileEntry } from '../../client/index.js';
import { h, icon } from './dom.js';
import { formatBytes } from './format.js';

/** Tables of the solver that no format of the exports is made of alone. */
const TABLES: Readonly<Record<string, string>> = {
  'solution.axy': 'Stars found, FITS table',
  'solution.corr': 'Stars matched, FITS table',
};

/** All that can be taken along: every format that the job can be had in, tables of the solver, the image as it came, the log. */
export function filesPanel(
  client: AstroJobsClient,
  { job_id, filename }: { job_id: string; filename?: string | undefined },
  files: readonly FileEntry[],
  exports: readonly ExportEntry[],
): HTMLElement {
  const stem = (filename ?? 'image').replace(/\.[^.]{1,5}$/, '');
  // Without a name of its own, a file has the one that the server gives it.
  const link = (title: string, href: string, saveAs = '', bytes?: number) =>
    h(
      'li',
      {},
      h(
        'a',
        { class: 'file', href, download: saveAs },
        icon('download'),
        h('span', {}, title),
        bytes !== undefined && h('small', {}, formatBytes(bytes)),
      ),
    );
  return h(
    'section',
    { class: 'panel' },
    h(
      'ul',
      { class: 'files' },
      exports.map(({ title, format }) => link(title, client.addressOf(job_id, `exports/${format}`))),
      files.flatMap(({ name, size }) => {
        const title = TABLES[name];
        const saveAs = name.replace('solution', stem);
        return title ? [link(title, client.addressOf(job_id, `files/${name}`), saveAs, size)] : [];
      }),
      link('Original, as it came', client.addressOf(job_id, 'image'), filename ?? 'image'),
      link('Log, all that the solver printed', client.addressOf(job_id, 'log'), `${stem}.log`),
    ),
  );
}
