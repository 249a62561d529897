import type { AstroJobsClient, PublicStatus } from '../../client/index.js';
import { fill, h } from './dom.js';
import { formatSeconds } from './format.js';
import { stageText } from './job-state.js';
import { mayChange } from './rights.js';
import { attemptsTable } from './tables.js';

export interface JobView {
  element: HTMLElement;
  update(status: PublicStatus): void;
  close(): void;
}

/** A picture that waits or is being solved: how far it is, and a way to stop it. */
export function createPendingView(client: AstroJobsClient, first: PublicStatus): JobView {
  let status = first;
  const stage = h('h2', { class: 'stage-name' });
  const bar = h('progress', { 'aria-label': 'Progress' });
  const line = h('p', { class: 'muted' });
  const attempts = h('div', { class: 'attempts', 'aria-live': 'polite' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const cancel = h(
    'button',
    { type: 'button', class: 'for-submit', hidden: !mayChange(first), onclick: () => void stop() },
    'Cancel',
  );
  const log = h('pre', { class: 'log', tabindex: 0 });
  const details = h('details', {}, h('summary', {}, 'What the solver says'), log);
  let following: AbortController | undefined;
  details.addEventListener('toggle', () => (details.open ? void follow() : following?.abort()));

  async function stop() {
    cancel.disabled = true;
    cancel.textContent = 'Cancelling…';
    try {
      await client.cancel(status.job_id);
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
      cancel.disabled = false;
      cancel.textContent = 'Cancel';
    }
  }

  async function follow() {
    following?.abort();
    following = new AbortController();
    log.textContent = '';
    try {
      for await (const text of client.followLog(status.job_id, { signal: following.signal })) {
        const atEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 30;
        log.append(text);
        if (atEnd) log.scrollTop = log.scrollHeight;
      }
    } catch {
      // The view was closed, or the connection lost: the log can be opened again.
    }
  }

  const tick = () => {
    const { state, progress, attempts: runs = 0, max_attempts, started_at, created_at } = status;
    stage.textContent = state === 'queued' ? 'Waiting for its turn' : stageText(progress?.stage);
    const fraction = progress?.fraction;
    if (fraction === undefined) bar.removeAttribute('value');
    else bar.value = fraction;
    const since = Math.max(
      0,
      Date.now() / 1000 - (state === 'queued' ? created_at : (started_at ?? created_at)),
    );
    const again = runs > 1 ? `Run ${runs}${max_attempts ? ` of ${max_attempts}` : ''} · ` : '';
    const place = progress?.place === undefined ? '' : `Number ${progress.place} in the queue · `;
    const estimate = progress?.estimate_seconds;
    const left = estimate
      ? ` · about ${formatSeconds(estimate)} ${state === 'queued' ? 'until it starts' : 'left'}`
      : '';
    fill(line, `${again}${place}${formatSeconds(Math.floor(since) || 0.1)}${left}`);
    element.dataset.state = state;
  };
  const picture = h('img', {
    class: 'pending-image',
    alt: status.filename ?? 'The picture',
    src: client.addressOf(status.job_id, 'preview.jpg', { width: 1600 }),
  });
  picture.addEventListener('error', () => picture.remove());
  const element = h(
    'div',
    { class: 'pending' },
    h('div', { class: 'sky still' }, picture),
    h('div', { class: 'pending-card' }, stage, bar, line, attempts, problem, cancel, details),
  );
  let told = 0;
  const showAttempts = () => {
    const ended = status.progress?.solve_attempts ?? [];
    // A job that is taken up anew begins from none.
    if (ended.length !== told) fill(attempts, attemptsTable(ended));
    told = ended.length;
  };
  tick();
  showAttempts();
  const clock = setInterval(tick, 1000);
  return {
    element,
    update(next) {
      status = next;
      tick();
      showAttempts();
    },
    close() {
      clearInterval(clock);
      following?.abort();
    },
  };
}
