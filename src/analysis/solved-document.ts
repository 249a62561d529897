import { constellationAt } from '../catalog/constellation.js';
import { describeField, type FieldOptions } from '../catalog/objects-in-field.js';
import type { Exposure } from '../ephemeris/exposure.js';
import type { OpenedImage } from '../image/image.js';
import type { Capture } from '../job/capture.js';
import type { SolvedResult } from '../job/result.js';
import type { SolvedPlate } from '../solver/solver.js';
import { fieldGeometry } from '../wcs/geometry.js';
import { horizonOf } from './horizon.js';
import type { FoundMovers } from './movers.js';
import { observationOf } from './observation.js';

export interface SolvedImage {
  filename: string;
  image: OpenedImage;
  capture: Capture;
  plate: SolvedPlate;
  objects?: FieldOptions;
  /** When it was taken, or why that is not known. */
  exposure: Exposure | { why: string };
  movers?: FoundMovers | undefined;
}

/** The document of a solved image: geometry from the WCS, objects from the catalogue. */
export function solvedDocument({
  filename,
  image,
  capture,
  plate,
  objects,
  exposure,
  movers,
}: SolvedImage): SolvedResult {
  const geometry = fieldGeometry(plate.wcs, {
    rowOrder: image.rowOrder,
    exifOrientation: image.exifOrientation,
  });
  const { objects: inField, subject } = describeField(plate.wcs, {
    ...objects,
    ...(capture.datetime_utc !== undefined && { datetimeUtc: capture.datetime_utc }),
    ...(capture.gps && { observer: capture.gps }),
    ...(movers && { moving: movers.rows }),
  });
  return {
    ok: true,
    filename,
    capture,
    astrometry: {
      ...geometry,
      ...(plate.wcs.projection && plate.stars && { horizon: horizonOf(plate.wcs, plate.stars, capture) }),
      constellation: constellationAt(geometry.ra_center, geometry.dec_center),
      subject,
      sources: plate.sources,
      quality: plate.quality,
      objects: inField,
    },
    observation: observationOf(geometry, capture, exposure),
    ...(movers && { moving_objects: movers.report }),
    solve: plate.report,
  };
}
