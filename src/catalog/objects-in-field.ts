import type { Subject } from '../job/astrometry.js';
import type { Wcs } from '../wcs/wcs.js';
import { prepareCatalog } from './builtin.js';
import { candidatesIn, type PlacedObject, pictureOf } from './candidates.js';
import { prepareConstellations } from './constellations-in-field.js';
import type { FieldOptions } from './field-options.js';
import { subjectOf } from './subject.js';

export type { FieldOptions } from './field-options.js';

/** What is in a picture. */
export interface Field {
  /** As `objectsInField` lists them. */
  objects: PlacedObject[];
  /** What a person would say that the picture shows. */
  subject: Subject;
}

/** Loads what every field is compared with, beside the other work of this thread, so that the first field need not hold it up. */
export async function prepareFields(): Promise<void> {
  await prepareCatalog();
  await prepareConstellations();
}

/**
 * What is in the picture, nearest to its centre first: objects centred in the image, and extended ones (a circle of their
 * largest extent) that reach into it. A narrow field lists everything, a wide one what a person would name.
 *
 * `catalog` and `id` are the best known designation (`M` before `NGC` before `IC` before the surveys), `names` all of them; a star
 * has the catalog `star` and its HIP number as id; Sun, Moon and planets have `solar-system`.
 */
export function objectsInField(wcs: Wcs, options: FieldOptions = {}): PlacedObject[] {
  return candidatesIn(pictureOf(wcs), options).map(({ object }) => object);
}

/**
 * What is in the picture, and what a person would say that it shows. The subject is found among all that suits the field,
 * whatever the options choose to be listed.
 */
export function describeField(wcs: Wcs, options: FieldOptions = {}): Field {
  const picture = pictureOf(wcs);
  const listed = candidatesIn(picture, options);
  const { kinds, magnitude, maxObjects, builtin, ...context } = options;
  const chosen = [kinds, magnitude, maxObjects, builtin].some((choice) => choice !== undefined);
  return {
    objects: listed.map(({ object }) => object),
    subject: subjectOf(picture, chosen ? candidatesIn(picture, context) : listed),
  };
}
