import type { Capture } from '../job/capture.js';
import type { ObjectKind } from './kinds.js';
import type { MagnitudeLimits } from './limits.js';
import type { MovingRow } from './moving-row.js';
import type { CatalogTable } from './table.js';

/** What to list of what is in a picture. */
export interface FieldOptions {
  /** Only these kinds. @default all */
  kinds?: readonly ObjectKind[];
  /** Magnitude limits in place of those that suit the field. */
  magnitude?: MagnitudeLimits;
  /** At most so many, the most prominent ones. @default no limit */
  maxObjects?: number;
  /** Catalogues of one's own, made by `createCatalog`, listed together with the built-in one. */
  catalogs?: readonly CatalogTable[];
  /** Whether to list the built-in catalogue. @default true */
  builtin?: boolean;
  /** ISO 8601 with `Z`; with it the Sun, the Moon and the planets are listed, and near stars stand where they were that day. */
  datetimeUtc?: string;
  /** What moved through the picture, listed with the rest; `moversIn` finds it. */
  moving?: readonly MovingRow[];
  /** Where the photograph was taken, degrees and metres: the Moon stands up to a degree elsewhere for another place. */
  observer?: Capture['gps'];
}
