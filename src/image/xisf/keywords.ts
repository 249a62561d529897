import { type CardValue, type FitsCard, fitsNumber, readableText } from '../../fits/card.js';
import { FitsHeader, MAX_CARDS } from '../../fits/header.js';
import type { XmlElement } from './xml.js';

const COMMENTARY = new Set(['COMMENT', 'HISTORY', '']);
/** Texts of properties that may tell of the capture are short. */
const MAX_TEXT = 2000;

/** A FITS keyword that says the same as a property, in the customary unit of that keyword. */
interface Meaning {
  keyword: string;
  /** From the property's unit to the keyword's. */
  factor?: number;
  comment?: string;
}
const DEGREES = '[deg]';

/** Standard properties (XISF 1.0, 11.4 and 11.5.3) that tell of the capture; lengths of telescopes are in metres there. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  'Observation:Time:Start': { keyword: 'DATE-OBS' },
  'Observation:Time:End': { keyword: 'DATE-END' },
  'Instrument:ExposureTime': { keyword: 'EXPTIME' },
  'Instrument:FrameExposureTime': { keyword: 'EXPOSURE' },
  'Instrument:Camera:Name': { keyword: 'INSTRUME' },
  'Instrument:Camera:Gain': { keyword: 'GAIN' },
  'Instrument:Camera:ISOSpeed': { keyword: 'ISOSPEED' },
  'Instrument:Camera:XBinning': { keyword: 'XBINNING' },
  'Instrument:Camera:YBinning': { keyword: 'YBINNING' },
  'Instrument:Sensor:Temperature': { keyword: 'CCD-TEMP' },
  // Some programs count the binning in, and others do not, as with this keyword.
  'Instrument:Sensor:XPixelSize': { keyword: 'PIXSIZE1' },
  'Instrument:Sensor:YPixelSize': { keyword: 'PIXSIZE2' },
  'Instrument:Filter:Name': { keyword: 'FILTER' },
  'Instrument:Telescope:Name': { keyword: 'TELESCOP' },
  'Instrument:Telescope:FocalLength': { keyword: 'FOCALLEN', factor: 1000 },
  'Observation:Object:Name': { keyword: 'OBJECT' },
  'Observation:Center:RA': { keyword: 'RA', comment: DEGREES },
  'Observation:Center:Dec': { keyword: 'DEC', comment: DEGREES },
  'Observation:Object:RA': { keyword: 'RA_OBJ', comment: DEGREES },
  'Observation:Object:Dec': { keyword: 'DEC_OBJ', comment: DEGREES },
  'Observation:Equinox': { keyword: 'EQUINOX' },
  'Observation:CelestialReferenceSystem': { keyword: 'RADESYS' },
  'Observation:Location:Latitude': { keyword: 'SITELAT' },
  'Observation:Location:Longitude': { keyword: 'SITELONG' },
  'Observation:Location:Elevation': { keyword: 'SITEELEV' },
  'Observer:Name': { keyword: 'OBSERVER' },
  'XISF:CreatorApplication': { keyword: 'SWCREATE' },
};

/** Without control characters. */
const readable = (text: string) => readableText(Buffer.from(text, 'utf8').toString('latin1')).trimEnd();

/** As in a FITS card, but for quotes inside a string, which not all programs double. */
function keywordValue(written: string): CardValue {
  const quoted = /^'(.*)'$/s.exec(written);
  if (quoted) return readable((quoted[1] ?? '').replaceAll("''", "'"));
  if (written === '') return undefined;
  if (written === 'T' || written === 'F') return written === 'T';
  return fitsNumber(written) ?? readable(written);
}

function cardOf({ attributes }: XmlElement): FitsCard {
  const keyword = (attributes.get('name') ?? '').trim().toUpperCase();
  const comment = readable(attributes.get('comment') ?? '');
  const written = (attributes.get('value') ?? '').trim();
  if (COMMENTARY.has(keyword)) return { keyword, value: readable(written) || comment, comment: '' };
  return { keyword, value: keywordValue(written), comment };
}

function propertyValue({ attributes, text }: XmlElement, factor: number | undefined): CardValue {
  const written = (attributes.get('value') ?? text).trim().slice(0, MAX_TEXT);
  if (written === '') return undefined;
  if (/^(?:String|TimePoint)$/.test(attributes.get('type') ?? '')) return readable(written);
  const number = Number(written);
  if (!Number.isFinite(number)) return readable(written);
  return factor === undefined ? number : Number((number * factor).toPrecision(12));
}

function propertyCard(element: XmlElement): FitsCard | undefined {
  const id = element.attributes.get('id') ?? '';
  const meaning = Object.hasOwn(MEANINGS, id) ? MEANINGS[id] : undefined;
  // Texts that are stored elsewhere are long ones.
  if (!meaning || element.attributes.get('location')?.startsWith('attachment')) return undefined;
  const { keyword, factor, comment = '' } = meaning;
  return { keyword, value: propertyValue(element, factor), comment, origin: `XISF ${id}` };
}

function patternCard({ attributes }: XmlElement): FitsCard {
  return {
    keyword: 'BAYERPAT',
    value: attributes.get('pattern'),
    comment: '',
    origin: 'XISF ColorFilterArray',
  };
}

/**
 * What an XISF file says of a picture, as a FITS header: its FITSKeyword elements first, and behind them its properties (and those
 * of the file), each as the keyword that means the same.
 */
export function xisfKeywords(root: XmlElement, image: XmlElement): FitsHeader {
  const named = (parent: XmlElement | undefined, name: string) =>
    (parent?.children ?? []).filter((child) => child.name === name);
  const metadata = root.children.find(({ name }) => name === 'Metadata');
  const properties = [image, root, metadata].flatMap((parent) => named(parent, 'Property'));
  return new FitsHeader(
    [
      ...named(image, 'FITSKeyword').map(cardOf),
      ...properties.flatMap((property) => propertyCard(property) ?? []),
      ...named(image, 'ColorFilterArray').map(patternCard),
    ].slice(0, MAX_CARDS),
  );
}
