import { corruptImage, unsupportedImage } from '../errors.js';
import type { ByteReader } from '../file.js';
import { parseXml, type XmlElement, XmlError } from './xml.js';

const PREAMBLE_BYTES = 16;
/** Headers hold histories, profiles and thumbnails in text; no honest one is larger. */
const MAX_HEADER_BYTES = 1 << 25;

/**
 * The XML header of a monolithic XISF file (XISF 1.0, 9.2): its root element.
 * @throws AstroJobsError `corrupt_image`, `unsupported_image`
 */
export async function readXisfHeader(file: ByteReader): Promise<XmlElement> {
  const preamble = await file.read(0, PREAMBLE_BYTES);
  if (preamble.length < PREAMBLE_BYTES) throw corruptImage('its XISF header is cut off');
  const length = preamble.readUInt32LE(8);
  if (PREAMBLE_BYTES + length > file.size) throw corruptImage('its XISF header is cut off');
  if (length > MAX_HEADER_BYTES) {
    throw unsupportedImage(
      `an XISF file with a header of ${length} bytes`,
      'save its picture as FITS or TIFF',
    );
  }
  const xml = (await file.read(PREAMBLE_BYTES, length)).toString('utf8').replace(/(?<![\0\s])[\0\s]+$/, '');
  try {
    const root = parseXml(xml);
    if (root.name !== 'xisf') throw new XmlError(`its root is <${root.name.slice(0, 40)}>`);
    return root;
  } catch (thrown) {
    if (!(thrown instanceof XmlError)) throw thrown;
    throw corruptImage(`its XISF header cannot be read: ${thrown.message}`, thrown);
  }
}
