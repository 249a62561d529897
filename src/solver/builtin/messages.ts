import type { QuadLevelData } from '../../engine/quad-level.js';
import type { SolveAnswer, SolveQuestion } from '../../engine/question.js';
import type { StarCatalogData } from '../../engine/star-catalog.js';

/** What the thread is told that prepares stars and quads for all others. */
export interface Prepare {
  /** Where what was reckoned is kept: the first folder that can be used. */
  cacheFolders: readonly string[];
  /** The stars, where they are unpacked already. */
  catalog?: StarCatalogData;
  /** Levels of quads in the order in which they are wanted, degrees. */
  sizes: readonly number[];
}

/** What it answers: the stars when it had to unpack them, one level after another, and that this was all. */
export type Prepared =
  /** @param cached sizes of the levels that need not be made, only read */
  | { kind: 'catalog'; catalog: StarCatalogData; cached: readonly number[] }
  | { kind: 'level'; size_deg: number; level: QuadLevelData }
  | { kind: 'done' }
  | { kind: 'failed'; message: string };

/** A question as it travels to a thread. */
export type EngineQuestion = Omit<SolveQuestion, 'shouldStop'>;

/** What a thread that searches is told. */
export type ToSearcher =
  | { kind: 'catalog'; catalog: StarCatalogData }
  | { kind: 'level'; size_deg: number; level: QuadLevelData }
  /** astrometry.net's index files that are searched besides from now on, those with quads shorter than so many radians. */
  | { kind: 'index-files'; paths: readonly string[]; shorterThan_rad: number }
  /**
   * @param sizes of the levels that are searched, degrees
   * @param stop shared memory of one number: the search ends when it is not 0
   */
  | {
      kind: 'solve';
      question: EngineQuestion;
      sizes: readonly number[];
      withFiles: boolean;
      stop: Int32Array;
    };

/** What it answers; `note` is a line for the log, before the answer. */
export type FromSearcher =
  | { kind: 'note'; line: string }
  | { kind: 'answer'; answer: SolveAnswer }
  | { kind: 'failed'; message: string };
