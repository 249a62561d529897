/**
 * Plate solving in memory, and the stars of an image that it begins with. No file system, no processes: it runs in a worker and in a browser.
 * @module astro-jobs/engine
 */

export type { GreyImage } from '../image/image.js';
export { detectStars } from '../stars/detect.js';
export { detectUndrawn } from '../stars/detect-undrawn.js';
export type { FindOptions } from '../stars/find.js';
export { listsOf, type StarList as DetectedStarList, undrawnListOf } from '../stars/list.js';
export type { Star } from '../stars/star.js';
export type { Trail } from '../stars/trail.js';
export { CacheFileError } from './array-file.js';
export type { SearchCounts } from './candidate.js';
export { Engine } from './engine.js';
export type { Evidence } from './evidence.js';
export type { StarList } from './field.js';
export { type ByteSource, memoryBytes } from './index-file/byte-source.js';
export type { ByteOrder } from './index-file/element-type.js';
export { IndexFileError, type IndexFileReason } from './index-file/error.js';
export type { HealpixCell } from './index-file/healpix.js';
export { type IndexFile, type IndexFileOptions, openIndexFile } from './index-file/index-file.js';
export type { IndexMetadata } from './index-file/metadata.js';
export { PageCache, type PageOwner } from './index-file/page-cache.js';
export type { Trace } from './judge.js';
export { decodeLevel, encodeLevel } from './level-file.js';
export { PackagedStars, type PackagedStarsOptions } from './packaged-stars.js';
export { levelSizes } from './quad-builder.js';
export { QuadLevel, type QuadLevelData } from './quad-level.js';
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
