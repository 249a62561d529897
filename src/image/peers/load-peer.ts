import { unsupportedImage } from '../errors.js';

const MISSING = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/**
 * A decoder that only those install who need it.
 * @param what the kind of file, for the refusal.
 * @throws AstroJobsError `unsupported_image`, with the name of the package, when it is not installed.
 */
export async function loadPeer<T>(what: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (thrown) {
    if (!MISSING.has((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
    throw unsupportedImage(
      what,
      `install ${name}, which decodes it (npm install ${name}), or convert it to JPEG or PNG`,
    );
  }
}
