import type { AstroJobsClient, PublicStatus } from '../../client/index.js';
import { fill, h } from './dom.js';
import { formatBytes, formatWhen } from './format.js';
import { isSettled, type JobList } from './job-store.js';
import type { Upload } from './uploads.js';

/** What a job does at this moment, in a word or two. */
export function stateText({ state, progress, error }: PublicStatus): string {
  if (state === 'done') return 'Solved';
  if (state === 'queued') return 'Waiting';
  if (state === 'error') return error?.code === 'cancelled' ? 'Cancelled' : 'Not solved';
  return stageText(progress?.stage);
}

export function stageText(stage: string | undefined): string {
  const name = (stage ?? 'starting').replaceAll(/[_-]/g, ' ');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function kindOfState({ state, error }: PublicStatus): string {
  if (state === 'error') return error?.code === 'cancelled' ? 'cancelled' : 'failed';
  return state;
}

interface Entry {
  element: HTMLElement;
  update(status: PublicStatus, chosen: boolean): void;
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
  let shown = '';
  return {
    element: h('li', {}, link),
    update(status, chosen) {
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
    value: upload.fraction,
    'aria-label': `Upload of ${upload.file.name}`,
  });
  const line =
    upload.error ?? (upload.fraction >= 1 ? 'Storing' : `Sending ${formatBytes(upload.file.size)}`);
  return h(
    'li',
    { class: upload.error === undefined ? 'upload' : 'upload refused' },
    h(
      'span',
      { class: 'job-text' },
      h('span', { class: 'job-name' }, upload.file.name),
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

/** Files on their way, and below them the jobs, newest first. */
export function createSidebar(client: AstroJobsClient, list: JobList, uploading: readonly Upload[]): Sidebar {
  const uploads = h('ul', { class: 'uploads', 'aria-label': 'Files on their way' });
  const entries = new Map<string, Entry>();
  const items = h('ul', { class: 'jobs' });
  const more = h(
    'button',
    { type: 'button', class: 'plain', onclick: () => void list.loadMore() },
    'Older jobs',
  );
  const summary = h('p', { class: 'summary', role: 'status' });
  return {
    uploads,
    jobs: h('nav', { class: 'for-read', 'aria-label': 'Jobs' }, summary, items, more),
    update(chosen) {
      fill(uploads, uploading.map(uploadEntry));
      const { jobs } = list;
      const running = jobs.filter((status) => !isSettled(status)).length;
      summary.textContent =
        running > 0 ? `${running} ${running === 1 ? 'picture is' : 'pictures are'} being solved` : '';
      more.hidden = !list.more;
      const elements = jobs.map((status) => {
        let entry = entries.get(status.job_id);
        if (!entry) {
          entry = createEntry(client, status);
          entries.set(status.job_id, entry);
        }
        entry.update(status, status.job_id === chosen);
        return entry.element;
      });
      const same =
        elements.length === items.children.length &&
        elements.every((element, index) => items.children[index] === element);
      if (!same) items.replaceChildren(...elements);
    },
  };
}
