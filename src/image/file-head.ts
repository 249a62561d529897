import { constants, gunzipSync } from 'node:zlib';

/** How much of a file's beginning is looked at. */
export const HEAD_BYTES = 4096;

/** Brands of ISO media files (`ftyp`) that hold HEVC-coded pictures. */
const HEVC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);
/** Sizes that the second header of a Windows or OS/2 bitmap has had. */
const BMP_HEADER_BYTES = [12, 40, 52, 56, 64, 108, 124];

/** The first bytes of a file, and what is asked of them when its kind is looked for. */
export class FileHead {
  readonly bytes: Uint8Array;
  /** The same bytes as characters. */
  readonly latin1: string;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes.subarray(0, HEAD_BYTES);
    this.latin1 = Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength).toString(
      'latin1',
    );
  }

  /** Whether these Latin-1 characters stand at `at`; `?` stands for any. */
  has(signature: string, at = 0): boolean {
    if (this.latin1.length < at + signature.length) return false;
    for (let i = 0; i < signature.length; i++)
      if (signature[i] !== '?' && signature[i] !== this.latin1[at + i]) return false;
    return true;
  }

  get isGzip(): boolean {
    return this.has('\x1f\x8b');
  }

  /** bzip2 or Zstandard, whose content shows itself only behind a whole block. */
  get isBlockCompressed(): boolean {
    return ['BZh?1AY&SY', 'BZh?\x17rE8P\x90', '\x28\xb5\x2f\xfd'].some((magic) => this.has(magic));
  }

  /** The first characters of what a gzip stream holds, or else of the file itself. */
  get inside(): string {
    if (!this.isGzip) return this.latin1;
    try {
      // A head of 4 KiB holds at most 4 MiB.
      return gunzipSync(this.bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1', 0, 16);
    } catch {
      return '';
    }
  }

  get isIsoMedia(): boolean {
    return this.has('ftyp', 4);
  }

  /** What an ISO media file says it is: its major brand, then the compatible ones. */
  get isoBrands(): string[] {
    if (!this.isIsoMedia) return [];
    const { latin1 } = this;
    const boxBytes = Math.max(16, latin1.charCodeAt(2) * 256 + latin1.charCodeAt(3));
    const end = Math.min(latin1.length, boxBytes, 256);
    const brands = [latin1.slice(8, 12)];
    for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1.slice(at, at + 4));
    return brands;
  }

  get isHevc(): boolean {
    return this.isoBrands.some((brand) => HEVC_BRANDS.has(brand));
  }

  get isBmp(): boolean {
    if (this.bytes.length < 26 || !this.has('BM')) return false;
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    return BMP_HEADER_BYTES.includes(view.getUint32(14, true));
  }
}
