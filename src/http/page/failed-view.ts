import type { AstroJobsClient, FailedResult, PublicStatus } from '../../client/index.js';
import { adviceFor } from './advice.js';
import { fill, h } from './dom.js';
import type { JobView } from './pending-view.js';
import { createSettings } from './settings.js';
import { captureTable } from './tables.js';

export interface FailedViewEvents {
  onRetried(status: PublicStatus): void;
  /** The same picture is a new job now, with other parameters. */
  onSentAgain(status: PublicStatus): void;
}

/** A picture without a solution: why, what to do, and the log. */
export function createFailedView(
  client: AstroJobsClient,
  status: PublicStatus,
  events: FailedViewEvents,
): JobView {
  const { job_id } = status;
  const code = status.error?.code;
  const cancelled = code === 'cancelled';
  const closing = new AbortController();
  const settings = createSettings();
  const problem = h('p', { class: 'problem', role: 'alert' });
  const retry = h(
    'button',
    { type: 'button', class: 'primary', onclick: () => void again() },
    'Run it again',
  );
  const log = h('pre', { class: 'log', tabindex: 0, 'aria-label': 'Log' }, 'Loading…');
  const capture = h('div', {});
  const picture = h('img', {
    class: 'pending-image',
    alt: status.filename ?? 'The picture',
    src: client.addressOf(job_id, 'preview.jpg', { width: 1600 }),
  });
  picture.addEventListener('error', () => picture.remove());

  async function again() {
    retry.disabled = true;
    try {
      if (!settings.given) return events.onRetried(await client.retry(job_id));
      const image = await (await client.download(job_id, 'image')).blob();
      const file = new File([image], status.filename ?? 'image');
      events.onSentAgain(await client.submit(file, settings.params()));
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
      retry.disabled = false;
    }
  }

  async function load() {
    const { signal } = closing;
    const [text, result] = await Promise.allSettled([
      client.log(job_id, { signal }),
      client.result(job_id, { signal }),
    ]);
    log.textContent = text.status === 'fulfilled' && text.value !== '' ? text.value : 'The log is empty.';
    if (result.status !== 'fulfilled') return;
    const { capture: known, sources } = result.value as FailedResult;
    const found = sources?.detected;
    fill(
      capture,
      found !== undefined && h('p', { class: 'muted' }, `${found} stars were found in it.`),
      known && captureTable(known),
    );
  }
  void load();

  const element = h(
    'div',
    { class: 'failed' },
    h('div', { class: 'sky dimmed still' }, picture),
    h(
      'div',
      { class: 'failed-text' },
      h('h2', {}, cancelled ? 'Cancelled' : 'No solution'),
      h('p', { class: 'reason' }, status.error?.message ?? status.message ?? 'It failed.'),
      h('h3', {}, 'What to do'),
      h(
        'ul',
        { class: 'advice' },
        adviceFor(code).map((line) => h('li', {}, line)),
      ),
      h('div', { class: 'for-submit' }, settings.element, h('p', {}, retry)),
      problem,
      capture,
      h(
        'details',
        { open: !cancelled },
        h('summary', {}, 'Log'),
        log,
        h(
          'p',
          {},
          h('a', { href: client.addressOf(job_id, 'log'), download: `${job_id}.log` }, 'Save the log'),
        ),
      ),
    ),
  );
  return { element, update() {}, close: () => closing.abort() };
}
