import type { AstroJobsClient, PublicStatus, QueueState, WorkerState } from '../../client/index.js';
import { fill, h } from './dom.js';
import { formatSeconds, formatWhen } from './format.js';
import { stageText } from './job-state.js';
import type { JobView } from './pending-view.js';

const REFRESH_MS = 3000;
/** Waiting and failed jobs that are told of. */
const SHOWN = 20;

/** What waits, which process runs what, and what failed; for those who run the server. */
export function createDashboardView(client: AstroJobsClient): JobView {
  const closing = new AbortController();
  const { signal } = closing;
  const problem = h('p', { class: 'problem', role: 'alert' });
  const body = h('div', { class: 'dashboard-body' }, 'Loading…');
  const element = h(
    'section',
    { class: 'dashboard' },
    h(
      'header',
      { class: 'view-head' },
      h('a', { class: 'back', href: '#' }, 'All jobs'),
      h('h1', {}, 'Jobs and workers'),
    ),
    problem,
    body,
  );

  async function act(work: Promise<unknown>) {
    try {
      await work;
      problem.textContent = '';
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
    await refresh();
  }
  const button = (label: string, { job_id, filename }: PublicStatus, onclick: () => void) =>
    h(
      'button',
      {
        type: 'button',
        'data-key': `${label} ${job_id}`,
        'aria-label': `${label} ${filename ?? 'image'}`,
        onclick,
      },
      label,
    );
  const cancel = (job: PublicStatus) => button('Cancel', job, () => void act(client.cancel(job.job_id)));
  const retry = (job: PublicStatus) => button('Retry', job, () => void act(client.retry(job.job_id)));

  function row(job: PublicStatus, what: string, action: HTMLElement): HTMLElement {
    const name = job.filename ?? 'image';
    return h(
      'li',
      {},
      h(
        'span',
        { class: 'row-text' },
        h('a', { href: `#${job.job_id}`, 'data-key': job.job_id }, name),
        h('span', { class: 'muted' }, what),
      ),
      action,
    );
  }

  function workerOf({ host, pid, state, jobs }: WorkerState): HTMLElement {
    const words = { busy: 'at work', idle: 'waits for jobs', lost: 'does not answer; its jobs go to others' };
    return h(
      'section',
      { class: 'worker', 'data-state': state },
      h('h3', {}, `${host} · process ${pid} `, h('span', { class: 'muted' }, words[state])),
      jobs.length > 0 &&
        h(
          'ul',
          { class: 'rows' },
          jobs.map((job) => row(job, running(job), cancel(job))),
        ),
    );
  }

  function show(state: QueueState, waiting: readonly PublicStatus[], failed: readonly PublicStatus[]) {
    const { counts, oldest, workers, elsewhere } = state;
    const focused = document.activeElement?.getAttribute('data-key');
    const figure = (label: string, value: number, more = '') =>
      h('div', {}, h('dt', {}, label), h('dd', {}, String(value), h('small', {}, more)));
    fill(
      body,
      h(
        'dl',
        { class: 'figures' },
        figure('Waiting', counts.queued, oldest ? `the oldest for ${formatSeconds(oldest.seconds)}` : ''),
        figure('Being solved', counts.processing),
        figure('Solved', counts.done),
        figure('Failed', counts.error),
      ),
      h('h2', {}, 'Workers'),
      workers.length === 0 && h('p', { class: 'muted' }, 'None is known. Without one the jobs wait.'),
      workers.map(workerOf),
      elsewhere.length > 0 && h('h3', {}, 'Run by another program'),
      elsewhere.length > 0 &&
        h(
          'ul',
          { class: 'rows' },
          elsewhere.map((job) => row(job, running(job), cancel(job))),
        ),
      waiting.length > 0 &&
        h('h2', {}, `Waiting${counts.queued > waiting.length ? `, the newest ${waiting.length}` : ''}`),
      waiting.length > 0 &&
        h(
          'ul',
          { class: 'rows' },
          waiting.map((job) => row(job, `since ${formatWhen(job.created_at)}`, cancel(job))),
        ),
      failed.length > 0 &&
        h('h2', {}, `Failed${counts.error > failed.length ? `, the newest ${failed.length}` : ''}`),
      failed.length > 0 &&
        h(
          'ul',
          { class: 'rows' },
          failed.map((job) => row(job, job.error?.message ?? 'It failed.', retry(job))),
        ),
    );
    if (focused) body.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  async function refresh() {
    try {
      const [state, waiting, failed] = await Promise.all([
        client.queue({ signal }),
        client.list({ state: 'queued', limit: SHOWN, signal }),
        client.list({ state: 'error', limit: SHOWN, signal }),
      ]);
      // A button that is being pressed stays until it is let go.
      if (!body.matches(':active')) show(state, waiting.jobs, failed.jobs);
    } catch (error) {
      if (!signal.aborted) problem.textContent = error instanceof Error ? error.message : String(error);
    }
  }
  void refresh();
  const clock = setInterval(() => {
    if (!document.hidden) void refresh();
  }, REFRESH_MS);
  return {
    element,
    update() {},
    close() {
      clearInterval(clock);
      closing.abort();
    },
  };
}

function running({ progress, started_at, attempts = 1 }: PublicStatus): string {
  const seconds = started_at === undefined ? undefined : Math.max(0, Date.now() / 1000 - started_at);
  const since = seconds === undefined ? '' : `, for ${formatSeconds(seconds)}`;
  const again = attempts > 1 ? `, attempt ${attempts}` : '';
  return `${stageText(progress?.stage)}${since}${again}`;
}
