// Written by `npm run derive` from the schemas.
import type { ExportKind } from '../formats.js';

/** A format that a job can be exported in. */
export interface ExportOffer {
  /** The name of the format, by which it is asked for. */
  format: ExportKind;
  /** What it is, for a person. */
  title: string;
  /** Its media type. */
  content_type: string;
}
