import type { AstroJobsClient, PublicStatus } from '../../client/index.js';
import { fill, h } from './dom.js';
import { formatBytes, formatWhen } from './format.js';
import { createJobFilter } from './job-filter.js';
import { kindOfState, stateText } from './job-state.js';
import { isSettled, type JobList } from './job-store.js';
import type { Upload } from './uploads.js';
import { createWindowList } from './window-list.js';

/** Height of an entry, as the style sheet has it. */
const ROW = 58;

interface Entry {
  element: HTMLElement;
  update(status: PublicStatus, chosen: boolean, index: number, count: number): void;
}

function createEntry(client: AstroJobsClient, { job_id }: PublicStatus): Entry {
  const name = h('span', { class: 'job-name' });
  const state = h('span', { class: 'job-state' });
  const when = h('time', { class: 'job-when' });
  const thumb = h('img', {
    class: 'thumb',
    alt: '',
    loading: 'lazy',
    width: 44,
    height: 44,
    src: client.addressOf(job_id, 'preview.jpg', { width: 160 }),
  });
  thumb.addEventListener('error', () => thumb.classList.add('missing'));
  const link = h(
    'a',
    { class: 'job', href: `#${job_id}` },
    thumb,
    h('span', { class: 'job-text' }, name, h('span', { class: 'job-line' }, state, when)),
  );
  const element = h('li', {}, link);
  let shown = '';
  return {
    element,
    update(status, chosen, index, count) {
      element.setAttribute('aria-posinset', String(index + 1));
      element.setAttribute('aria-setsize', String(count));
      link.toggleAttribute('aria-current', chosen);
      if (chosen) link.setAttribute('aria-current', 'page');
      const now = JSON.stringify([status.filename, stateText(status), status.created_at]);
      if (now === shown) return;
      shown = now;
      name.textContent = status.filename ?? 'image';
      name.title = status.filename ?? '';
      state.textContent = stateText(status);
      link.dataset.state = kindOfState(status);
      when.textContent = formatWhen(status.created_at);
    },
  };
}

function uploadEntry(upload: Upload): HTMLElement {
  const bar = h('progress', {
    max: 1,
    value: upload.size === undefined ? undefined : upload.fraction,
    'aria-label': `Upload of ${upload.name}`,
  });
  const line =
    upload.error ??
    (upload.size === undefined
      ? 'The server fetches it'
      : upload.fraction >= 1
        ? 'Storing'
        : `Sending ${Math.round(100 * upload.fraction)} % of ${formatBytes(upload.size)}`);
  return h(
    'li',
    { class: upload.error === undefined ? 'upload' : 'upload refused' },
    h(
      'span',
      { class: 'job-text' },
      h('span', { class: 'job-name' }, upload.name),
      h('span', { class: 'job-line' }, line),
    ),
    upload.error === undefined && bar,
    h(
      'button',
      { type: 'button', class: 'plain', onclick: () => upload.cancel() },
      upload.error === undefined ? 'Stop' : 'Dismiss',
    ),
  );
}

export interface Sidebar {
  uploads: HTMLElement;
  jobs: HTMLElement;
  update(chosen: string | undefined): void;
}

/** Files on their way, and below them the jobs, newest first, of which those are in the document that are seen. */
export function createSidebar(client: AstroJobsClient, list: JobList, uploading: readonly Upload[]): Sidebar {
  const uploads = h('ul', { class: 'uploads', 'aria-label': 'Files on their way' });
  const entries = new Map<string, Entry>();
  const items = h('ul', { class: 'jobs', 'aria-label': 'Pictures' });
  const summary = h('p', { class: 'summary', role: 'status' });
  let chosenId: string | undefined;
  /** The job to which the list has been scrolled. */
  let revealed: string | undefined;
  const rows = createWindowList<PublicStatus>(items, {
    rowHeight: ROW,
    scroller: () => items.closest('.side'),
    row(status, index, count) {
      let entry = entries.get(status.job_id);
      if (!entry) {
        entry = createEntry(client, status);
        entries.set(status.job_id, entry);
      }
      entry.update(status, status.job_id === chosenId, index, count);
      return entry.element;
    },
    onEnd: () => void list.loadMore(),
  });
  const filter = createJobFilter(client, () => show());

  function show() {
    const { jobs } = list;
    const passing = filter.active ? jobs.filter(filter.passes) : jobs;
    filter.element.hidden = jobs.length === 0;
    const running = jobs.filter((status) => !isSettled(status)).length;
    const being =
      running === 0 ? '' : `${running} ${running === 1 ? 'picture is' : 'pictures are'} being solved`;
    const more = list.more ? ' so far' : '';
    summary.textContent = filter.active ? `${passing.length} of ${jobs.length} pictures${more}` : being;
    rows.show(passing);
    const index = chosenId === revealed ? -1 : passing.findIndex(({ job_id }) => job_id === chosenId);
    if (index < 0) return;
    revealed = chosenId;
    rows.reveal(index);
  }

  return {
    uploads,
    jobs: h('nav', { class: 'for-read', 'aria-label': 'Jobs' }, filter.element, summary, items),
    update(chosen) {
      fill(uploads, uploading.map(uploadEntry));
      chosenId = chosen;
      show();
    },
  };
}
