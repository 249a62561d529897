/** A folder on a small disk of its own, which can really be filled. */
export interface SmallDisk {
  dir: string;
  /** Whether the disk is its own, so that it can be filled. */
  own: boolean;
  /** Leaves not a single byte. */
  fill(): Promise<void>;
  empty(): Promise<void>;
  dispose(): Promise<void>;
}

export function mountSmallDisk(options: { megabytes: number }): Promise<SmallDisk>;
