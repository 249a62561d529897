/**
 * What is in a field, without jobs and without a solver.
 * @module astro-jobs/catalog
 */

export type { PlacedObject } from './candidates.js';
export { constellationAt } from './constellation.js';
export { findObject } from './find-object.js';
export type { MovingRow } from './moving-row.js';
export { describeField, type Field, type FieldOptions, objectsInField } from './objects-in-field.js';
export { type CatalogRow, type CatalogTable, createCatalog } from './table.js';
