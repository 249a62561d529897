import type { ImageHints } from '../../capture/hints.js';
import type { PictureExport } from '../../export/formats.js';
import type { FitsCard } from '../../fits/card.js';
import type { OpenedImage, OpenOptions } from '../../image/image.js';
import type { Capture } from '../../job/capture.js';
import type { ErrorCode } from '../../job/error-codes.js';
import type { Drawing } from '../image-reader.js';
import type { ReadOptions } from '../reading.js';
import type { FindingOptions, FoundStars } from '../star-work.js';

/** An image that was read: the child that still has it open need not open it again. */
export interface ImageRef {
  /** Unique in the parent process. */
  id: number;
  path: string;
  options: ReadOptions;
}

/** What the child can be told to do. */
export type Order =
  | { verb: 'read'; image: ImageRef }
  /** One plane of brightness, as bytes. */
  | { verb: 'grey'; image: ImageRef; shrink: number }
  /** Red, green, blue and alpha, as bytes. */
  | { verb: 'rgba'; image: ImageRef }
  /** The stars of a list. */
  | { verb: 'list'; image: ImageRef }
  /** Stars that are found in the pixels. */
  | { verb: 'find-stars'; image: ImageRef; finding: FindingOptions }
  /** What `Reading.measure` does. */
  | { verb: 'measure'; image: ImageRef; found: FoundStars; binning: number }
  | { verb: 'annotate'; path: string; options: OpenOptions; drawing: Drawing }
  | { verb: 'export'; kind: PictureExport; source: ExportedFrom; width: number | undefined }
  /** Writes a FITS file to `target`, where there is none yet. */
  | { verb: 'export-fits'; source: ExportedFrom; capture: Capture | undefined; target: string };

/** A job as far as pictures are made of it; its files by their names. */
export interface ExportedFrom {
  imagePath: string;
  extension: string | undefined;
  filename: string;
  files: Readonly<Record<string, Uint8Array>>;
}

/** What is answered to `read`: a `Reading` as plain data. */
export interface ReadingData {
  image: Omit<OpenedImage, 'grey' | 'green' | 'stars' | 'decoded' | 'findStars' | 'fitsHeader'>;
  header: { cards: readonly FitsCard[]; notes: readonly string[] } | undefined;
  hasList: boolean;
  isDecodedElsewhere: boolean;
  capture: Capture;
  hints: ImageHints;
  hintNotes: readonly string[];
}

/** Numbers of a plane, by their type. */
export type PlaneType = 'Uint8Array' | 'Uint16Array' | 'Float32Array';

/** What is answered beside the bytes of a plane. */
export interface PlaneData {
  type: PlaneType;
  width: number;
  height: number;
  scale: [number, number];
}

export type ToChild =
  /** @param maxMemoryBytes resident memory beyond which the child ends itself */
  | { kind: 'order'; order: Order; maxMemoryBytes: number }
  /** The order that is being worked on is not needed any more. */
  | { kind: 'stop' };

export type FromChild =
  | { kind: 'ready' }
  /**
   * @param bytes how many follow on the data pipe
   * @param resident memory of the child
   */
  | { kind: 'answer'; value: unknown; bytes: number; resident: number }
  | { kind: 'failed'; code: ErrorCode | undefined; message: string };

/** How many images a child keeps open for the next order. */
export const KEPT_IMAGES = 4;
/** File descriptor of the child on which the bytes of an answer follow. */
export const DATA_FD = 4;
/** Begins the line that the guard of a child writes before it ends it for its memory. */
export const MEMORY_MARK = 'decoder-child: resident memory';
