import { basename } from 'node:path';
import type { AnalysisOutcome } from '../analysis/analysis.js';
import type { ExportSource } from '../export/export-source.js';
import type { PictureSource } from '../export/exported-file.js';
import { localSource } from '../export/local-source.js';
import { storedOutcomeFile } from '../store/outcome-file.js';

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
    file: (name) => storedOutcomeFile(files, name),
  };
  return localSource(job, result);
}
