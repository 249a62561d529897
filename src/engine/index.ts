// `astro-jobs/engine`: plate solving in memory, without files, processes or `node:` modules.
export type { Confirmed } from './confirm.js';
export { Engine, type EngineFailure, type EngineSolution } from './engine.js';
export { type ByteSource, memoryBytes } from './index-file/byte-source.js';
export { IndexFileError } from './index-file/error.js';
export { type IndexFile, type IndexFileOptions, openIndexFile } from './index-file/index-file.js';
export { buildQuads, QUAD_SIZES, type QuadTable } from './quads.js';
export type { EngineQuestion, FieldBounds, FieldStars } from './question.js';
export { SkyGrid } from './sky-grid.js';
export { type Allocate, decodeStars, type StarColumns, StarFileError } from './star-file.js';
