// `astro-jobs/catalog`: what is in a field, without jobs and without a solver.
export { constellationAt } from './constellation.js';
export { type FieldOptions, objectsInField } from './objects-in-field.js';
export { type CatalogRow, type CatalogTable, createCatalog } from './table.js';
