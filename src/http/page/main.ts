// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import {
  AstroJobsClientError,
  type Caller,
  createClient,
  type PublicStatus,
  type SolveParamsInput,
} from '../../client/index.js';
import { pageAddress } from './address.js';
import { createDashboardView } from './dashboard-view.js';
import { fill, h, icon } from './dom.js';
import { createDropZone } from './drop-zone.js';
import { createFailedView } from './failed-view.js';
import { createJobList } from './job-store.js';
import { createPendingView, type JobView } from './pending-view.js';
import { createRights, mayChange } from './rights.js';
import { createSettings } from './settings.js';
import { createSidebar } from './sidebar.js';
import { createSignedIn, createSignIn } from './sign-in.js';
import { createSkyMapView } from './sky-map-view.js';
import { createSolvedView } from './solved-view.js';
import { createThemeChoice } from './theme.js';
import { createUploads } from './uploads.js';

const baseUrl = new URL('.', document.baseURI).href.replace(/\/$/, '');
const client = createClient({ baseUrl });
const rights = createRights();
const sessionAddress = `${baseUrl}/api/v1/session`;
const askForKey = createSignIn(sessionAddress, () => void start());
const signedIn = createSignedIn(sessionAddress);
let sent = 0;
const main = h('main', { id: 'main', tabindex: -1 });
const uploads = createUploads(client, {
  onChange: () => sidebar.update(chosenId()),
  onAccepted(status) {
    sent += 1;
    if (!rights.read) return fill(main, invitation());
    jobs.put(status);
    // The first picture is shown at once; who looks at another is not disturbed.
    if (chosenId() === undefined) location.hash = status.job_id;
  },
  onUnauthorized: askForKey,
});
const jobs = createJobList(client, `${baseUrl}/api/v1/events`, {
  onChange: () => show(),
  onUnauthorized: askForKey,
  mayRead: () => rights.read,
});
const sidebar = createSidebar(client, jobs, uploads.all);
const settings = createSettings(client);
const drop = createDropZone({
  onFiles: (files) =>
    void withParams((params) => {
      for (const file of files) uploads.add(file, params);
    }),
  onAddress: (url) => void withParams((params) => void uploads.addAddress(url, params)),
});

/** Nothing is sent while what was filled in cannot be understood. */
async function withParams(send: (params: SolveParamsInput) => void) {
  const params = rights.submit ? await settings.params() : undefined;
  if (params) send(params);
}

let shown: { key: string; view: JobView } | undefined;

function chosenId(): string | undefined {
  return pageAddress().job;
}

/** One view for each state of a job: when it changes, another takes its place. */
function viewOf(status: PublicStatus, onHeadline: (headline: string) => void): JobView {
  if (status.state === 'done') return createSolvedView(client, status, onHeadline);
  if (status.state === 'error')
    return createFailedView(client, status, { onRetried: (again) => jobs.put(again) });
  return createPendingView(client, status);
}

/** The name of the picture; once it is known, what it shows stands before that. */
function createHeading(status: PublicStatus) {
  const back = h('a', { class: 'back', href: '#', 'aria-label': 'All jobs' }, icon('back'));
  const name = status.filename ?? 'image';
  const title = h('h1', { title: name }, name);
  const remove = h(
    'button',
    {
      type: 'button',
      class: 'round for-submit',
      'aria-label': 'Remove this job',
      title: 'Remove this job',
      hidden: !mayChange(status),
      onclick: () => void removeJob(status),
    },
    icon('trash'),
  );
  return {
    element: h('header', { class: 'job-head' }, back, title, remove),
    show: (headline: string) => fill(title, headline, ' ', h('small', { class: 'file-name' }, name)),
  };
}

async function removeJob({ job_id, filename }: PublicStatus) {
  if (!confirm(`Remove ${filename ?? 'this job'} with its picture and all results?`)) return;
  await client.remove(job_id).catch((error) => alert(error instanceof Error ? error.message : String(error)));
  jobs.drop(job_id);
  location.hash = '';
  void jobs.refresh();
}

/** What can be looked at besides the jobs, by the fragment of its address. */
const PLACES = {
  sky: { name: 'Sky', create: createSkyMapView },
  queue: { name: 'Queue', create: createDashboardView },
} as const;

function placeOfPage(): keyof typeof PLACES | undefined {
  const name = location.hash.slice(1);
  if (name === 'sky' && rights.read) return name;
  return name === 'queue' && rights.admin ? name : undefined;
}

function show() {
  const id = chosenId();
  const status = id === undefined ? undefined : jobs.get(id);
  const settled = status?.state === 'done' || status?.state === 'error';
  const place = placeOfPage();
  const key = status
    ? `${status.job_id} ${settled ? `${status.state} ${status.finished_at}` : 'pending'}`
    : `${place ?? 'none'} ${jobs.jobs.length === 0} ${rights.submit} ${rights.read}`;
  sidebar.update(id);
  for (const link of document.querySelectorAll('.places a'))
    link.toggleAttribute('aria-current', link.getAttribute('href') === `#${place ?? ''}` && id === undefined);
  document.documentElement.classList.toggle('has-job', id !== undefined || place !== undefined);
  document.title = status ? `${status.filename ?? 'image'} – Astro Jobs` : 'Astro Jobs';
  if (shown?.key === key) {
    if (status) shown.view.update(status);
    return;
  }
  shown?.view.close();
  if (status) {
    const heading = createHeading(status);
    shown = { key, view: viewOf(status, heading.show) };
    fill(main, heading.element, shown.view.element);
  } else {
    const view = place ? PLACES[place].create(client) : { element: invitation(), update() {}, close() {} };
    if (place) document.title = `${PLACES[place].name} – Astro Jobs`;
    shown = { key, view };
    fill(main, view.element);
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
  const title = any ? 'Choose a picture' : 'Where does this picture look?';
  const more = any
    ? 'or drop another one anywhere on this page.'
    : 'Drop photographs of the night sky anywhere on this page: JPEG, PNG, TIFF, FITS. Each one gets its place on the sky, and a name for what is in it.';
  const unread = sent === 0 ? '' : `${sent} ${sent === 1 ? 'picture is' : 'pictures are'} with the server. `;
  return h(
    'div',
    { class: 'invitation' },
    h('h1', {}, rights.submit || any ? title : 'There are no pictures yet'),
    rights.submit && h('p', {}, more),
    any && h('p', {}, h('a', { href: '#sky' }, 'See all of them on the sky')),
    rights.submit &&
      !rights.read &&
      h('p', { role: 'status' }, `${unread}Your key sends pictures; it may not see what becomes of them.`),
  );
}

/** What the server wrote into the page about who asks for it; true of the first view only. */
function embeddedCaller(): Pick<Caller, 'scopes' | 'key'> | undefined {
  const { dataset } = document.documentElement;
  const { caller } = dataset;
  delete dataset.caller;
  return caller === undefined ? undefined : JSON.parse(caller);
}

/** Finds out what the caller may do; then shows what there is for it. */
async function start(): Promise<void> {
  try {
    const caller = embeddedCaller() ?? (await client.caller());
    rights.set(caller);
    signedIn.show(caller.key && (caller.key.name ?? caller.key.id));
  } catch (error) {
    if (error instanceof AstroJobsClientError && error.status === 401) return askForKey();
    rights.set({ scopes: ['admin'] });
  }
  await jobs.refresh();
  show();
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
        // The page has it inside: no file to fetch.
        h('img', {
          src: document.querySelector<HTMLLinkElement>('#icon')?.href,
          alt: '',
          width: 28,
          height: 28,
        }),
        'Astro Jobs',
      ),
      createThemeChoice(),
    ),
    h(
      'nav',
      { class: 'places for-read', 'aria-label': 'Views' },
      h('a', { href: '#' }, 'Pictures'),
      h('a', { href: '#sky' }, 'Sky'),
      h('a', { href: '#queue', class: 'for-admin' }, 'Queue'),
    ),
    h('div', { class: 'submitting for-submit' }, drop, settings.element),
    sidebar.uploads,
    sidebar.jobs,
    signedIn.element,
  ),
  main,
  h('div', { class: 'drop-hint for-submit', 'aria-hidden': 'true' }, 'Drop to solve'),
);
let job = chosenId();
window.addEventListener('hashchange', () => {
  show();
  if (chosenId() !== undefined && chosenId() !== job) main.focus({ preventScroll: true });
  job = chosenId();
});
void start();
