// `astro-jobs/engine`: plate solving in memory, without files, processes or `node:` modules.
export type { Confirmed } from './confirm.js';
export { Engine, type EngineFailure, type EngineSolution } from './engine.js';
export { type ByteSource, memoryBytes } from './index-file/byte-source.js';
export type { ByteOrder } from './index-file/element-type.js';
export type { IndexFileReason } from './index-file/error.js';
export { IndexFileError } from './index-file/error.js';
export { type IndexFile, type IndexFileOptions, openIndexFile } from './index-file/index-file.js';
export type { IndexMetadata } from './index-file/metadata.js';
export type { PageOwner } from './index-file/page-cache.js';
export { PageCache } from './index-file/page-cache.js';
export type { StarMatch } from './match-stars.js';
export type { NeighbourLists } from './neighbour-lists.js';
export { buildQuads, QUAD_SIZES, type QuadTable } from './quads.js';
export type { EngineQuestion, FieldBounds, FieldStars } from './question.js';
export type { SearchCounts } from './search.js';
export { SkyGrid } from './sky-grid.js';
export { type Allocate, decodeStars, type StarColumns, StarFileError } from './star-file.js';
