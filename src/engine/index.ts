// `astro-jobs/engine`: plate solving in memory, from star lists. No file system, no processes: it runs in a worker and in a browser.

export type { SearchCounts } from './candidate.js';
export { Engine } from './engine.js';
export type { StarList } from './field.js';
export type { Evidence } from './judge.js';
export { decodeLevel, encodeLevel, LevelFileError } from './level-file.js';
export { PackagedStars } from './packaged-stars.js';
export { LEVEL_SIZES_DEG } from './quad-builder.js';
export type { QuadLevelData } from './quad-level.js';
export type {
  FieldBounds,
  MatchedStar,
  SolveAnswer,
  SolveFailure,
  SolveQuestion,
  SolveSuccess,
} from './question.js';
export { StarCatalog, type StarCatalogData } from './star-catalog.js';
export { type Allocate, decodeStars, type StarColumns, StarFileError } from './star-file.js';
export type { IndexRequest, QuadHits, SkyCap, StarBlock, StarIndex, StarIndexSource } from './star-index.js';
