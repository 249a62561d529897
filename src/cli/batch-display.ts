import type { BatchProgress } from '../batch/options.js';
import { type ProgressStream, progressStream } from './print.js';
import { printable } from './printable.js';
import { bar } from './progress.js';

/** How a batch goes, for a person. */
export interface BatchDisplay {
  show(progress: BatchProgress): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

/** A pipe gets a line this often, milliseconds. */
const LINE_EVERY_MS = 10_000;

/** `3 min 20 s`, `2 h 05 min`. */
export function durationWords(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function words({ total, done, failed, estimate_seconds }: BatchProgress): string {
  const bad = failed === 0 ? '' : `, ${failed} not solved`;
  const rest =
    estimate_seconds === undefined || done >= total ? '' : `, ${durationWords(estimate_seconds)} left`;
  return `${done} of ${total}${bad}${rest}`;
}

/** One line that is drawn again and again on a terminal; in a pipe a line now and then. */
export function batchDisplay(folder: string, stream: ProgressStream = progressStream()): BatchDisplay {
  if (stream.isTTY) {
    return {
      show(progress) {
        const line = `${bar(progress.total === 0 ? 1 : progress.done / progress.total)} ${printable(folder)}  ${words(progress)}`;
        stream.write(`\r\u001b[K${[...line].slice(0, (stream.columns ?? 80) - 1).join('')}`);
      },
      end: () => stream.write('\r\u001b[K'),
    };
  }
  let at = Number.NEGATIVE_INFINITY;
  let last = '';
  return {
    show(progress) {
      if (performance.now() - at < LINE_EVERY_MS && progress.done < progress.total) return;
      const line = `${printable(folder)}: ${words(progress)}\n`;
      if (line !== last) stream.write(line);
      [at, last] = [performance.now(), line];
    },
    end() {},
  };
}
