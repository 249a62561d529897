import { InvalidArgumentError } from 'commander';
import { EXPORT_KINDS, type ExportKind, isExportKind } from '../export/formats.js';

/** Names of formats with commas between them. */
export function parseFormats(text: string): ExportKind[] {
  return text.split(',').map((name) => {
    if (isExportKind(name)) return name;
    throw new InvalidArgumentError(`Expected some of ${EXPORT_KINDS.join(', ')}.`);
  });
}
