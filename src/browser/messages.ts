import type { Picture, PictureBounds, PlateAnswer, PlateProgress } from './answer.js';
import type { PlateErrorCode } from './plate-error.js';

/** What the page tells its worker. Pictures are solved one after another. */
export type ToWorker =
  /** The first message: where the star file is, and whether quads are kept for the next visit. */
  | { kind: 'open'; stars: string; isCached: boolean }
  | { kind: 'solve'; id: number; picture: Picture; bounds: PictureBounds }
  | { kind: 'cancel'; id: number };

/** What the worker tells the page. */
export type FromWorker =
  /** Of the picture at hand, or of what is done before the first one. */
  | { kind: 'progress'; progress: PlateProgress }
  | { kind: 'answer'; id: number; answer: PlateAnswer }
  | { kind: 'failed'; id: number; code: PlateErrorCode; message: string };
