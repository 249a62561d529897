import type { Style } from '../../annotate/drawing-options.js';
import type { PaletteName } from '../../annotate/palette.js';
import type { AstroJobsClient, ExportEntry, FileEntry } from '../../client/index.js';
import { h, icon } from './dom.js';
import { formatBytes } from './format.js';

/** Tables of the solver that no format of the exports is made of alone. */
const TABLES: Readonly<Record<string, string>> = {
  'solution.axy': 'Stars found, FITS table',
  'solution.corr': 'Stars matched, FITS table',
};

/** How the annotated picture can be drawn. */
const STYLES: Readonly<Record<Style, string>> = {
  overlay: 'On the photograph',
  minimal: 'What stands out most',
  print: 'Negative, for paper',
  chart: 'Finder chart',
};
const isDrawing = (format: string) => ['jpeg', 'png', 'webp', 'svg'].includes(format);

export interface FilesPanel {
  element: HTMLElement;
  /** Drawings are made in these colours from now on. */
  show(palette: PaletteName): void;
}

/** All that can be taken along: every format that the job can be had in, tables of the solver, the image as it came, the log. */
export function createFilesPanel(
  client: AstroJobsClient,
  { job_id, filename }: { job_id: string; filename?: string | undefined },
  files: readonly FileEntry[],
  exports: readonly ExportEntry[],
): FilesPanel {
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
  const made = exports.map(({ title, format }) => ({
    format,
    item: link(title, client.addressOf(job_id, `exports/${format}`)),
  }));
  const drawings = made.filter(({ format }) => isDrawing(format));
  let palette: PaletteName = 'standard';
  const point = () => {
    for (const { format, item } of drawings)
      item
        .querySelector('a')
        ?.setAttribute(
          'href',
          client.addressOf(job_id, `exports/${format}`, { style: style.value, palette }),
        );
  };
  const style = h(
    'select',
    { onchange: point },
    Object.entries(STYLES).map(([value, name]) => h('option', { value }, name)),
  );
  const element = h(
    'section',
    { class: 'panel' },
    drawings.length > 0 && h('label', { class: 'drawn-as' }, h('span', {}, 'Annotated as'), style),
    h(
      'ul',
      { class: 'files' },
      made.map(({ item }) => item),
      files.flatMap(({ name, size }) => {
        const title = TABLES[name];
        const saveAs = name.replace('solution', stem);
        return title ? [link(title, client.addressOf(job_id, `files/${name}`), saveAs, size)] : [];
      }),
      link('Original, as it came', client.addressOf(job_id, 'image'), filename ?? 'image'),
      link('Log, all that the solver printed', client.addressOf(job_id, 'log'), `${stem}.log`),
    ),
  );
  return {
    element,
    show(name) {
      palette = name;
      point();
    },
  };
}
