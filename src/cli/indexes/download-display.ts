import { type ProgressStream, progressStream } from '../print.js';
import { printable } from '../printable.js';
import { bar } from '../progress.js';
import { megabytes } from './text.js';

/** Shows how a file comes: one line that is drawn again and again on a terminal, one line a file in a pipe. */
export interface DownloadDisplay {
  begin(name: string): void;
  progress(done: number, of: number | undefined): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

const REDRAW_MS = 120;

export function downloadDisplay(stream: ProgressStream = progressStream()): DownloadDisplay {
  let file = '';
  if (!stream.isTTY)
    return {
      begin: (name) => void stream.write(`${printable(name)}\n`),
      progress() {},
      end() {},
    };
  let drawn = 0;
  return {
    begin(name) {
      file = printable(name);
      drawn = 0;
    },
    progress(done, of) {
      const now = performance.now();
      if (now - drawn < REDRAW_MS && done !== of) return;
      drawn = now;
      const part = of ? `${bar(done / of)}  ` : '';
      const line = `${part}${file}  ${megabytes(done)}${of ? ` of ${megabytes(of)}` : ''}`;
      stream.write(`\r\u001b[K${[...line].slice(0, (stream.columns ?? 80) - 1).join('')}`);
    },
    end() {
      stream.write('\r\u001b[K');
    },
  };
}
