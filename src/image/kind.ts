import { DECODERS } from './decoders.js';
import { FileHead } from './file-head.js';
import type { ImageKind } from './image.js';

export { HEAD_BYTES } from './file-head.js';

/** A kind that is not read here, and what its owner can do. */
interface Refusal {
  unsupported: string;
  advice: string;
}

export type Identification = { kind: ImageKind } | Refusal;

const DEVELOP = 'develop it to JPEG, TIFF or FITS first';
const EXTRACT = 'extract the image and give that';
const FRAME = 'stack it or save one frame as PNG, TIFF or FITS, and give that';
const CONVERT = 'save it as JPEG, PNG, TIFF or FITS';

interface Signature extends Refusal {
  /** See {@link FileHead.has}. */
  bytes: string;
  at: number;
}

const refused = (unsupported: string, advice: string, bytes: string, at = 0): Signature => ({
  unsupported,
  advice,
  bytes,
  at,
});
const raw = (maker: string, bytes: string) => refused(`a camera raw file (${maker})`, DEVELOP, bytes);

const REFUSED: readonly Signature[] = [
  raw('Canon CRW', 'II\x1a\0\0\0HEAPCCDR'),
  raw('Sigma X3F', 'FOVb'),
  raw('Minolta MRW', '\0MRM'),
  refused('a HEIF of the low-overhead form', CONVERT, 'ftypmif3', 4),
  refused('JPEG 2000', CONVERT, '\0\0\0\x0cjP  '),
  refused('JPEG 2000', CONVERT, '\xff\x4f\xff\x51'),
  refused('a Photoshop document', CONVERT, '8BPS'),
  refused('a GIMP document', CONVERT, 'gimp xcf'),
  refused('OpenEXR', CONVERT, 'v/1\x01'),
  refused('Radiance HDR', CONVERT, '#?RADIANCE'),
  refused('an icon', CONVERT, '\0\0\x01\0'),

  refused('ASDF', 'convert it to FITS', '#ASDF'),
  refused('HDF5', 'convert it to FITS', '\x89HDF'),

  refused('an AVI video', FRAME, 'RIFF????AVI '),
  refused('a WAV recording', 'give an image', 'RIFF????WAVE'),
  refused('a Matroska or WebM video', FRAME, '\x1aE\xdf\xa3'),
  refused('a video', FRAME, '\0\0\x01\xba'),
  refused('a video', FRAME, 'FLV\x01'),

  refused('a PDF document', 'export its picture as PNG or JPEG', '%PDF-'),
  refused('a PostScript document', 'export its picture as PNG or JPEG', '%!PS'),
  refused('a ZIP archive', EXTRACT, 'PK\x03\x04'),
  refused('an empty ZIP archive', EXTRACT, 'PK\x05\x06'),
  refused('a 7-Zip archive', EXTRACT, "7z\xbc\xaf'\x1c"),
  refused('a RAR archive', EXTRACT, 'Rar!\x1a\x07'),
  refused('a tar archive', EXTRACT, 'ustar', 257),
  refused('an xz-compressed file', 'decompress it (unxz) first', '\xfd7zXZ\0'),
  refused('a program', 'give an image', '\x7fELF'),
];

/** What stands behind the XML declaration and the comments at the head of a text. */
function behindProlog(start: string): string {
  let rest = start.replace(/^<\?xml[^>]*>/, '').trimStart();
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->', 4);
    if (end < 0) return '';
    rest = rest.slice(end + 3).trimStart();
  }
  return rest;
}

function refusedText({ latin1 }: FileHead): Refusal | undefined {
  const start = latin1
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .slice(0, 512)
    .toLowerCase();
  if (/^<(?:!doctype svg|svg)/.test(behindProlog(start))) {
    return { unsupported: 'an SVG drawing', advice: 'give a photograph' };
  }
  if (/^(<!doctype html|<html|<head|<body|<script)/.test(start)) {
    return { unsupported: 'an HTML page', advice: 'a download may have failed; fetch the image itself' };
  }
  if (start.startsWith('<?xml') || start.startsWith('<')) {
    return { unsupported: 'an XML document', advice: 'give an image' };
  }
  if (start.startsWith('version https://git-lfs.github.com/spec')) {
    return { unsupported: 'a Git LFS pointer', advice: 'fetch the file that it stands for: git lfs pull' };
  }
  if (/^[{[]\s*["{[\]}\d]/.test(start)) return { unsupported: 'a JSON document', advice: 'give an image' };
  if (/^[\t\n\r\x20-\x7e]{16,}$/.test(start))
    return { unsupported: 'a text', advice: 'give an image, or a list of stars with x and y in every line' };
  return undefined;
}

/** Containers that may hold images which are read, and hold something else. */
function refusedContent(head: FileHead): Refusal | undefined {
  if (head.isIsoMedia) return { unsupported: 'a video', advice: FRAME };
  if (head.isGzip)
    return { unsupported: 'a gzip-compressed file that is no FITS', advice: 'decompress it (gunzip) first' };
  return undefined;
}

/**
 * What a file is, by its first bytes (up to {@link HEAD_BYTES}); its name plays no part. TIFF may still turn
 * out to be camera raw, FITS to be a source list, and a bzip2 or Zstandard file to be no FITS. `undefined` means that it is nothing known.
 */
export function identify(bytes: Uint8Array): Identification | undefined {
  const head = new FileHead(bytes);
  const among = (signatures: readonly Signature[]): Refusal | undefined => {
    const found = signatures.find((signature) => head.has(signature.bytes, signature.at));
    return found && { unsupported: found.unsupported, advice: found.advice };
  };
  for (const kind of Object.keys(DECODERS) as ImageKind[])
    if (DECODERS[kind].recognises(head)) return { kind };
  return among(REFUSED) ?? refusedContent(head) ?? refusedText(head);
}
