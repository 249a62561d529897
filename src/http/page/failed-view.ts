import type { AstroJobsClient, FailedResult, PublicStatus, SolveParamsInput } from '../../client/index.js';
import { adviceFor } from './advice.js';
import { fill, h } from './dom.js';
import type { JobView } from './pending-view.js';
import { retriesOf } from './retries.js';
import { mayChange } from './rights.js';
import { createSettings } from './settings.js';
import { captureTable } from './tables.js';

export interface FailedViewEvents {
  onRetried(status: PublicStatus): void;
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
  const settings = createSettings(client);
  const problem = h('p', { class: 'problem', role: 'alert' });
  const offered = retriesOf(status).map(({ label, why, params }, i) => {
    const button = h(
      'button',
      { type: 'button', class: i === 0 ? 'primary' : undefined, onclick: () => void again(params) },
      label,
    );
    return h('li', {}, button, h('span', { class: 'muted' }, why));
  });
  const withGiven = h('button', { type: 'button', onclick: () => void againAsGiven() }, 'Run it with this');
  const log = h('pre', { class: 'log', tabindex: 0, 'aria-label': 'Log' }, 'Loading…');
  const capture = h('div', {});
  const picture = h('img', {
    class: 'pending-image',
    alt: status.filename ?? 'The picture',
    src: client.addressOf(job_id, 'preview.jpg', { width: 1600 }),
  });
  picture.addEventListener('error', () => picture.remove());

  async function again(params?: SolveParamsInput) {
    element.toggleAttribute('inert', true);
    try {
      events.onRetried(await client.retry(job_id, { params }));
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
      element.toggleAttribute('inert', false);
    }
  }

  async function againAsGiven() {
    const params = await settings.params();
    if (params) await again(params);
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
  settings.element.append(h('p', {}, withGiven));

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
        adviceFor(code).map((line) => h('li', {}, withCommands(line))),
      ),
      mayChange(status) &&
        h(
          'div',
          { class: 'for-submit' },
          h('ul', { class: 'retries', 'aria-label': 'Try it again' }, offered),
          settings.element,
        ),
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

/** A text in which commands stand between backticks, as in the documentation. */
const withCommands = (text: string) =>
  text.split('`').map((part, i) => (i % 2 === 0 ? part : h('code', {}, part)));
