import type { FitsHeader } from '../fits/header.js';
import { type Card, candidate, cardsOf } from './fits-card.js';
import {
  FITS_NUMBERS,
  FITS_TEXTS,
  keywordsOf,
  type NumberField,
  quantityOf,
  type TextField,
} from './fits-fields.js';
import { recordSensor } from './fits-sensor.js';
import { recordSite } from './fits-site.js';
import { recordTime } from './fits-time.js';
import { recordPointing } from './pointing.js';
import { readQuantity } from './quantity.js';
import type { Reading } from './reading.js';
import type { CaptureRecord } from './record.js';
import { readLens, readText } from './text.js';

/** Thermometers that hang elsewhere. */
const OF_SOMETHING_ELSE = /\b(?:ambient|air|outside|outdoor|dome|focus(?:er)?|mirror|weather|set ?point)\b/i;

function readNumber(field: NumberField, card: Card): Reading<number> {
  if (field === 'ccd_temp_c' && OF_SOMETHING_ELSE.test(card.comment)) {
    return { why: 'it is the temperature of something else than the sensor' };
  }
  return readQuantity(card, quantityOf(FITS_NUMBERS[field], card.keyword));
}

/** Fills the record from the header of a FITS image, whichever program wrote it. */
export function recordFits(header: FitsHeader, record: CaptureRecord): void {
  record.guard('FITS date', () => recordTime(header, record));
  for (const [field, keywords] of Object.entries(FITS_TEXTS) as [TextField, readonly string[]][]) {
    const read = field === 'lens_model' ? readLens : readText;
    record.take(
      field,
      [...cardsOf(header, keywords)].map((card) => candidate(card, ({ value }) => read(value))),
    );
  }
  for (const field of Object.keys(FITS_NUMBERS) as NumberField[]) {
    record.take(
      field,
      [...cardsOf(header, keywordsOf(FITS_NUMBERS[field]))].map((card) =>
        candidate(card, (it) => readNumber(field, it)),
      ),
    );
  }
  record.guard('FITS sensor', () => recordSensor(header, record));
  record.guard('FITS site', () => recordSite(header, record));
  record.guard('FITS pointing', () => recordPointing(header, record));
}
