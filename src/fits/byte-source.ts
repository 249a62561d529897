/** Bytes that can be read at any place, a bounded piece at a time. */
export interface ByteSource {
  /** Undefined where only reading to the end would tell (a compressed file). */
  readonly size: number | undefined;
  /** `gzip`, `bzip2` or `Zstandard`, of a file that is expanded while it is read. */
  readonly compression?: string;
  /**
   * To be asked before memory is taken for what a header claims.
   * @throws AstroJobsError `corrupt_image` when it is known that there are fewer than `bytes`; `image_too_large` when
   *   that many may not be expanded.
   */
  require(bytes: number): void;
  /** Fills `target` from `offset` on, and says how much of it: less only where the bytes end. */
  read(target: Uint8Array, offset: number): Promise<number>;
  close(): Promise<void>;
}
