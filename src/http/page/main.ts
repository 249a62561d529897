// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { createClient, type PublicStatus } from '../../client/index.js';
import { fill, h, icon } from './dom.js';
import { createDropZone } from './drop-zone.js';
import { createFailedView } from './failed-view.js';
import { createJobList } from './job-store.js';
import { createPendingView, type JobView } from './pending-view.js';
import { createSettings } from './settings.js';
import { createSidebar } from './sidebar.js';
import { createSolvedView } from './solved-view.js';
import { createUploads } from './uploads.js';

const baseUrl = new URL('.', document.baseURI).href.replace(/\/$/, '');
const client = createClient({ baseUrl });
const main = h('main', { id: 'main', tabindex: -1 });
const uploads = createUploads(client, {
  onChange: () => sidebar.update(chosenId()),
  onAccepted(status) {
    jobs.put(status);
    // The first picture is shown at once; who looks at another is not disturbed.
    if (chosenId() === undefined) location.hash = status.job_id;
  },
  onUnauthorized: () => askForToken(),
});
const jobs = createJobList(client, `${baseUrl}/api/v1/events`, {
  onChange: () => show(),
  onUnauthorized: () => askForToken(),
});
const sidebar = createSidebar(client, jobs, uploads.all);
const settings = createSettings();
const drop = createDropZone((files) => {
  for (const file of files) uploads.add(file, settings.params());
});

let shown: { key: string; view: JobView } | undefined;

function chosenId(): string | undefined {
  const id = location.hash.slice(1);
  return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

/** One view for each state of a job: when it changes, another takes its place. */
function viewOf(status: PublicStatus): JobView {
  if (status.state === 'done') return createSolvedView(client, status);
  if (status.state === 'error')
    return createFailedView(client, status, {
      onRetried: (again) => jobs.put(again),
      onSentAgain(again) {
        jobs.put(again);
        location.hash = again.job_id;
      },
    });
  return createPendingView(client, status);
}

function heading(status: PublicStatus): HTMLElement {
  const back = h('a', { class: 'back', href: '#', 'aria-label': 'All jobs' }, icon('back'));
  const name = status.filename ?? 'image';
  const remove = h(
    'button',
    {
      type: 'button',
      class: 'round',
      'aria-label': 'Remove this job',
      title: 'Remove this job',
      onclick: () => void removeJob(status),
    },
    icon('trash'),
  );
  return h('header', { class: 'job-head' }, back, h('h1', { title: name }, name), remove);
}

async function removeJob({ job_id, filename }: PublicStatus) {
  if (!confirm(`Remove ${filename ?? 'this job'} with its picture and all results?`)) return;
  await client.remove(job_id).catch((error) => alert(error instanceof Error ? error.message : String(error)));
  jobs.drop(job_id);
  location.hash = '';
  void jobs.refresh();
}

function show() {
  const id = chosenId();
  const status = id === undefined ? undefined : jobs.get(id);
  const settled = status?.state === 'done' || status?.state === 'error';
  const key = status
    ? `${status.job_id} ${settled ? `${status.state} ${status.finished_at}` : 'pending'}`
    : `none ${jobs.jobs.length === 0}`;
  sidebar.update(id);
  document.documentElement.classList.toggle('has-job', id !== undefined);
  document.title = status ? `${status.filename ?? 'image'} – Astro Jobs` : 'Astro Jobs';
  if (shown?.key === key) {
    if (status) shown.view.update(status);
    return;
  }
  shown?.view.close();
  if (status) {
    shown = { key, view: viewOf(status) };
    fill(main, heading(status), shown.view.element);
  } else {
    const nothing = { element: invitation(), update() {}, close() {} };
    shown = { key, view: nothing };
    fill(main, nothing.element);
    if (id !== undefined) void fetchUnknown(id);
  }
}

/** A link to a job that is not among the newest. */
async function fetchUnknown(id: string) {
  const status = await client.status(id).catch(() => undefined);
  if (status) jobs.put(status);
  else if (chosenId() === id)
    fill(
      main,
      h(
        'div',
        { class: 'invitation' },
        h('h1', {}, 'There is no such job'),
        h('p', {}, h('a', { href: '#' }, 'All jobs')),
      ),
    );
}

function invitation(): HTMLElement {
  const any = jobs.jobs.length > 0;
  return h(
    'div',
    { class: 'invitation' },
    h('h1', {}, any ? 'Choose a picture' : 'Where does this picture look?'),
    h(
      'p',
      {},
      any
        ? 'or drop another one anywhere on this page.'
        : 'Drop photographs of the night sky anywhere on this page: JPEG, PNG, TIFF, FITS. Each one gets its place on the sky, and a name for what is in it.',
    ),
  );
}

let asking = false;

function askForToken() {
  if (asking) return;
  asking = true;
  const input = h('input', {
    type: 'password',
    autocomplete: 'current-password',
    required: true,
    'aria-label': 'Token',
  });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', {}, 'This server asks for a token'),
    h('p', { class: 'muted' }, 'Whoever runs it can tell you.'),
    input,
    problem,
    h('button', { class: 'primary' }, 'Enter'),
  );
  const dialog = h('dialog', {}, form);
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void enter();
  });
  async function enter(): Promise<void> {
    const body = JSON.stringify({ token: input.value });
    const response = await fetch(`${baseUrl}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (response.ok) {
      asking = false;
      dialog.close();
      dialog.remove();
      void jobs.refresh();
    } else {
      problem.textContent = response.status === 401 ? 'That is not it.' : `HTTP ${response.status}`;
      input.select();
    }
  }
  document.body.append(dialog);
  dialog.showModal();
}

fill(
  // index.html holds it.
  document.getElementById('app')!,
  h(
    'div',
    { class: 'side' },
    h(
      'header',
      { class: 'brand' },
      h(
        'a',
        { href: '#' },
        h('img', { src: 'assets/http/page/icon.svg', alt: '', width: 28, height: 28 }),
        'Astro Jobs',
      ),
    ),
    drop,
    settings.element,
    sidebar.uploads,
    sidebar.jobs,
  ),
  main,
  h('div', { class: 'drop-hint', 'aria-hidden': 'true' }, 'Drop to solve'),
);
window.addEventListener('hashchange', () => {
  show();
  if (chosenId() !== undefined) main.focus({ preventScroll: true });
});
void jobs.refresh().then(show);
