import { isSettled, type JobStatus, nowSeconds } from '../job/status.js';
import { type ProgressStream, progressStream } from './print.js';
import { printable } from './printable.js';

/** Shows how a job goes: one line that is drawn again and again on a terminal, a new line for each change in a pipe. */
export interface ProgressDisplay {
  show(status: JobStatus): void;
  /** Makes way for other lines. */
  clear(): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR_WIDTH = 24;
const REDRAW_MS = 120;

/** A bar of fixed width, and the percentage. */
export function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${Math.round(fraction * 100)}%`;
}

/** What the job is at, in words. */
export function describeStatus(status: JobStatus): string {
  if (isSettled(status)) return status.message ?? status.state;
  const { place, estimate_seconds, stage } = status.progress ?? {};
  if (status.state === 'queued') {
    const soon = estimate_seconds ? `, starts in about ${estimate_seconds} s` : '';
    return place === undefined ? (status.message ?? 'queued') : `number ${place} in the queue${soon}`;
  }
  return stage ?? status.message ?? 'processing';
}

function terminalDisplay(stream: ProgressStream): ProgressDisplay {
  let current: JobStatus | undefined;
  let frame = 0;
  const draw = () => {
    if (!current) return;
    const name = printable(current.filename ?? current.job_id);
    const elapsed = Math.max(0, nowSeconds() - (current.started_at ?? current.created_at));
    const fraction = current.progress?.fraction;
    const moving = fraction === undefined ? FRAMES[frame++ % FRAMES.length] : bar(fraction);
    const line = `${moving} ${name}  ${printable(describeStatus(current))}  ${elapsed.toFixed(0)} s`;
    stream.write(`\r\u001b[K${[...line].slice(0, (stream.columns ?? 80) - 1).join('')}`);
  };
  const clear = () => {
    if (current) stream.write('\r\u001b[K');
    current = undefined;
  };
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  return {
    show(status) {
      current = status;
      draw();
    },
    clear,
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

function pipeDisplay(stream: ProgressStream): ProgressDisplay {
  let last = '';
  return {
    show(status) {
      const line = printable(`${status.job_id} ${status.state}: ${describeStatus(status)}`);
      if (line !== last) stream.write(`${line}\n`);
      last = line;
    },
    clear() {},
    end() {},
  };
}

export function progressDisplay(stream: ProgressStream = progressStream()): ProgressDisplay {
  return stream.isTTY ? terminalDisplay(stream) : pipeDisplay(stream);
}
