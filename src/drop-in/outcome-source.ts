import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AnalysisOutcome } from '../analysis/analyze.js';
import type { ExportSource } from '../export/exported-file.js';

/** An image that was analysed here and now, as far as exports need it. */
export function outcomeSource(imagePath: string, { result, files }: AnalysisOutcome): ExportSource {
  return {
    imagePath,
    filename: basename(imagePath),
    result,
    async file(name) {
      const path = files[name];
      if (path === undefined) return undefined;
      const { size, mtimeMs } = await stat(path);
      return {
        name,
        size,
        modifiedAt: mtimeMs / 1000,
        path,
        read: (range) => createReadStream(path, range ?? {}),
      };
    },
  };
}
