/**
 * Why an index file cannot be used:
 * - `not_an_index`: not FITS, or FITS without what an index file has;
 * - `truncated`: its headers name more bytes than there are;
 * - `corrupt`: what it says contradicts itself or lies outside its limits;
 * - `unsupported`: a kind that astrometry.net's programs do not write into one file.
 */
export type IndexFileReason = 'not_an_index' | 'truncated' | 'corrupt' | 'unsupported';

/** An index file that cannot be read. */
export class IndexFileError extends Error {
  /** The name of the class. */
  override readonly name = 'IndexFileError';
  /** What is wrong with the file, for a program. */
  readonly reason: IndexFileReason;

  constructor(reason: IndexFileReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
