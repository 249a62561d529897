import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AnalysisOutcome } from '../analysis/analysis.js';
import type { ExportSource } from '../export/export-source.js';
import type { PictureSource } from '../export/exported-file.js';
import { localSource } from '../export/local-source.js';

/** An image that was analysed here and now, as far as exports need it. */
export function outcomeSource(
  imagePath: string,
  { result, files }: AnalysisOutcome,
  extension?: string | null,
): ExportSource {
  const job: PictureSource = {
    imagePath,
    extension: extension ?? undefined,
    filename: basename(imagePath),
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
  return localSource(job, result);
}
