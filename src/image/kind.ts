import { constants, gunzipSync } from 'node:zlib';
import type { ImageKind } from './image.js';

/** How much of a file's beginning `identify` wants to see. */
export const HEAD_BYTES = 4096;

export type Identification = { kind: ImageKind } | { unsupported: string; advice: string };

const DEVELOP = 'develop it to JPEG, TIFF or FITS first';
const EXTRACT = 'extract the image and give that';
const FRAME = 'stack it or save one frame as PNG, TIFF or FITS, and give that';
const CONVERT = 'save it as JPEG, PNG, TIFF or FITS';

interface Signature {
  /** Latin-1 bytes at `at`; `?` stands for any byte. */
  bytes: string;
  at?: number;
  is: Identification;
}

const known = (kind: ImageKind, bytes: string, at = 0): Signature => ({ bytes, at, is: { kind } });
const refused = (unsupported: string, advice: string, bytes: string, at = 0): Signature => ({
  bytes,
  at,
  is: { unsupported, advice },
});
const raw = (maker: string, bytes: string, at = 0) =>
  refused(`a camera raw file (${maker})`, DEVELOP, bytes, at);

/** The first that fits counts: what is built on another format stands before it. */
const SIGNATURES: readonly Signature[] = [
  known('jpeg', '\xff\xd8\xff'),
  known('png', '\x89PNG\r\n\x1a\n'),
  known('gif', 'GIF87a'),
  known('gif', 'GIF89a'),
  known('webp', 'RIFF????WEBP'),
  known('fits', 'SIMPLE  ='),

  raw('Canon CR2', 'II*\0????CR\x02'),
  raw('Canon CRW', 'II\x1a\0\0\0HEAPCCDR'),
  raw('Olympus ORF', 'IIRO'),
  raw('Olympus ORF', 'IIRS'),
  raw('Olympus ORF', 'MMOR'),
  raw('Panasonic RW2', 'IIU\0'),
  raw('Fujifilm RAF', 'FUJIFILMCCD-RAW'),
  raw('Sigma X3F', 'FOVb'),
  raw('Minolta MRW', '\0MRM'),
  raw('Canon CR3', 'ftypcrx ', 4),
  known('tiff', 'II*\0'),
  known('tiff', 'MM\0*'),
  known('tiff', 'II+\0'),
  known('tiff', 'MM\0+'),

  known('avif', 'ftypavif', 4),
  known('avif', 'ftypavis', 4),
  refused('JPEG XL', CONVERT, '\0\0\0\x0cJXL '),
  refused('JPEG XL', CONVERT, '\xff\x0a'),
  refused('JPEG 2000', CONVERT, '\0\0\0\x0cjP  '),
  refused('JPEG 2000', CONVERT, '\xff\x4f\xff\x51'),
  refused('a Photoshop document', CONVERT, '8BPS'),
  refused('a GIMP document', CONVERT, 'gimp xcf'),
  refused('OpenEXR', CONVERT, 'v/1\x01'),
  refused('Radiance HDR', CONVERT, '#?RADIANCE'),
  refused('an icon', CONVERT, '\0\0\x01\0'),

  refused('XISF (PixInsight)', 'save it as FITS or TIFF in PixInsight or Siril', 'XISF0100'),
  refused('a SER video', FRAME, 'LUCAM-RECORDER'),
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
  refused('a bzip2-compressed file', 'decompress it (bunzip2) first', 'BZh'),
  refused('an xz-compressed file', 'decompress it (unxz) first', '\xfd7zXZ\0'),
  refused('a zstd-compressed file', 'decompress it (unzstd) first', '\x28\xb5\x2f\xfd'),
  refused('a program', 'give an image', '\x7fELF'),
];

/** Brands of ISO media files (`ftyp`) that hold HEVC-coded pictures; the others are videos. */
const HEVC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);
const HEIC = 'HEIC (a picture coded with HEVC)';
const HEIC_ADVICE =
  'convert it to JPEG or PNG; on an iPhone choose Settings > Camera > Formats > Most Compatible';

function fits(latin1: string, { bytes, at = 0 }: Signature): boolean {
  if (latin1.length < at + bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== '?' && bytes[i] !== latin1[at + i]) return false;
  return true;
}

function identifyIsoMedia(latin1: string): Identification | undefined {
  if (latin1.slice(4, 8) !== 'ftyp') return undefined;
  const end = Math.min(latin1.length, Math.max(16, latin1.charCodeAt(2) * 256 + latin1.charCodeAt(3)), 256);
  const brands = [latin1.slice(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1.slice(at, at + 4));
  if (brands.includes('avif')) return { kind: 'avif' };
  if (brands.some((brand) => HEVC_BRANDS.has(brand))) return { unsupported: HEIC, advice: HEIC_ADVICE };
  if (brands.includes('mif1') || brands.includes('msf1')) return { kind: 'heif' };
  return { unsupported: 'a video', advice: FRAME };
}

/** A gzip stream is one of ours when a FITS file begins in it. */
function identifyGzip(head: Uint8Array): Identification | undefined {
  if (head[0] !== 0x1f || head[1] !== 0x8b) return undefined;
  let inside = '';
  try {
    // A head of 4 KiB holds at most 4 MiB.
    const data = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
    inside = data.toString('latin1', 0, 9);
  } catch {
    // Damaged from the start: no FITS.
  }
  if (inside === 'SIMPLE  =') return { kind: 'fits' };
  return { unsupported: 'a gzip-compressed file that is no FITS', advice: 'decompress it (gunzip) first' };
}

function identifyText(latin1: string): Identification | undefined {
  const start = latin1
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .slice(0, 512)
    .toLowerCase();
  if (/^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype svg|<svg)/s.test(start)) {
    return { unsupported: 'an SVG drawing', advice: 'give a photograph' };
  }
  if (/^(<!doctype html|<html|<head|<body|<script)/.test(start)) {
    return { unsupported: 'an HTML page', advice: 'a download may have failed; fetch the image itself' };
  }
  if (start.startsWith('<?xml') || start.startsWith('<')) {
    return { unsupported: 'an XML document', advice: 'give an image' };
  }
  if (/^[{[]\s*["{[\]}\d]/.test(start)) return { unsupported: 'a JSON document', advice: 'give an image' };
  return undefined;
}

function isBmp(head: Uint8Array): boolean {
  if (head.length < 26 || head[0] !== 0x42 || head[1] !== 0x4d) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return [12, 40, 52, 56, 64, 108, 124].includes(view.getUint32(14, true));
}

/**
 * What a file is, by its first bytes (up to {@link HEAD_BYTES}); its name plays no part. TIFF may still turn
 * out to be camera raw, and FITS to be a source list. `undefined` means that it is nothing known.
 */
export function identify(head: Uint8Array): Identification | undefined {
  const latin1 = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, HEAD_BYTES)).toString(
    'latin1',
  );
  const found = SIGNATURES.find((signature) => fits(latin1, signature))?.is;
  if (found) return found;
  if (isBmp(head)) return { kind: 'bmp' };
  if (/^P[1-6][\s#]/.test(latin1)) return { kind: 'pnm' };
  return identifyIsoMedia(latin1) ?? identifyGzip(head) ?? identifyText(latin1);
}
