import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Whether the external extraction script is there, and where. */
export type ExtractorInfo =
  | { available: true; path: string }
  | { available: false; path: string; problem: string };

/** Looks for the script that `bin` names. */
export async function findExtractor(bin: string): Promise<ExtractorInfo> {
  const path = resolve(bin);
  const file = await stat(path).catch(() => undefined);
  if (!file?.isFile()) {
    return {
      available: false,
      path,
      problem: `No extraction script at ${bin}; set ASTRO_EXTRACT_BIN, or install astrometry.net`,
    };
  }
  const runnable =
    path.endsWith('.py') ||
    (await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ));
  if (!runnable) return { available: false, path, problem: `${bin} is not executable; chmod +x it` };
  return { available: true, path };
}
