import type { EngineFailure, EngineSolution } from '../../engine/engine.js';
import type { EngineQuestion } from '../../engine/question.js';
import type { SharedTable } from '../../engine/shared.js';
import type { StarColumns } from '../../engine/star-file.js';

/** What a thread of the engine is told. */
export type ToThread =
  /** Read the packaged stars and make quads of them, the widest first; answered with `sky` and a `table` a size. */
  | { kind: 'build'; file: string }
  | { kind: 'sky'; sky: StarColumns }
  | { kind: 'table'; table: SharedTable }
  /** @param stop shared memory of one number: the search ends when it is not 0 */
  | { kind: 'solve'; question: EngineQuestion; sizes: readonly number[]; stop: Int32Array };

/** What it answers. */
export type FromThread =
  | { kind: 'sky'; sky: StarColumns }
  | { kind: 'table'; table: SharedTable }
  | { kind: 'answer'; answer: EngineSolution | EngineFailure }
  | { kind: 'failed'; message: string };
