export type Dimension = 'time' | 'length' | 'temperature' | 'angle';

export interface Unit {
  /** As it is shown to a person. */
  name: string;
  dimension: Dimension;
  /** To seconds, metres, °C or degrees: `value * factor + shift`. */
  factor: number;
  shift: number;
  /** Whether the name is a word of its own, which means the unit wherever it stands in a sentence. */
  word: boolean;
}

type Row = readonly [name: string, factor: number, shift: number, symbols: string, words: string];

/** Name, factor, shift; then symbols, and words that mean the unit also in the middle of a sentence. */
const ROWS: Readonly<Record<Dimension, readonly Row[]>> = {
  time: [
    ['s', 1, 0, "s sec secs \" '' ″", 'second seconds'],
    ['ms', 1e-3, 0, 'ms msec msecs', 'millisecond milliseconds millisec'],
    ['us', 1e-6, 0, 'us µs μs usec usecs', 'microsecond microseconds'],
    ['ns', 1e-9, 0, 'ns nsec', 'nanosecond nanoseconds'],
    ['min', 60, 0, "min mins m ' ′", 'minute minutes'],
    ['h', 3600, 0, 'h hr hrs', 'hour hours'],
    ['d', 86_400, 0, 'd', 'day days'],
  ],
  length: [
    ['mm', 1e-3, 0, 'mm', 'millimeter millimeters millimetre millimetres millimetri'],
    ['cm', 1e-2, 0, 'cm', 'centimeter centimeters centimetre centimetres'],
    ['dm', 1e-1, 0, 'dm', 'decimeter decimeters decimetre decimetres'],
    ['m', 1, 0, 'm', 'meter meters metre metres'],
    ['km', 1e3, 0, 'km', 'kilometer kilometers kilometre kilometres'],
    ['um', 1e-6, 0, 'um µm μm mu', 'micron microns micrometer micrometers micrometre micrometres'],
    ['nm', 1e-9, 0, 'nm', 'nanometer nanometers nanometre nanometres'],
    ['in', 0.0254, 0, "in \" '' ″", 'inch inches'],
    ['ft', 0.3048, 0, "ft ' ′", 'foot feet'],
  ],
  temperature: [
    ['degC', 1, 0, 'c degc degreec degreesc °c ºc deg degs ° º', 'celsius centigrade degree degrees'],
    ['K', 1, -273.15, 'k degk degreesk', 'kelvin kelvins'],
    ['degF', 5 / 9, -160 / 9, 'f degf degreef degreesf °f ºf', 'fahrenheit'],
  ],
  angle: [
    ['deg', 1, 0, 'deg degs d dd ° º dms ddmmss', 'degree degrees'],
    ['h', 15, 0, 'h hr hrs hms hhmmss hhmm', 'hour hours hourangle'],
    ['rad', 180 / Math.PI, 0, 'rad rads', 'radian radians'],
    ['arcmin', 1 / 60, 0, "arcmin arcmins ' ′", 'arcminute arcminutes'],
    ['arcsec', 1 / 3600, 0, "arcsec arcsecs as \" '' ″", 'arcsecond arcseconds'],
    ['mas', 1 / 3_600_000, 0, 'mas', ''],
  ],
};

const UNITS = Object.fromEntries(
  Object.entries(ROWS).map(([dimension, rows]) => {
    const byName = new Map<string, Unit>();
    for (const [name, factor, shift, symbols, words] of rows) {
      const unit = { name, dimension: dimension as Dimension, factor, shift };
      for (const symbol of symbols.split(' ')) byName.set(symbol, { ...unit, word: false });
      for (const word of words.split(' ')) if (word !== '') byName.set(word, { ...unit, word: true });
    }
    return [dimension, byName];
  }),
) as Record<Dimension, Map<string, Unit>>;

/** `deg. C`, `deg_C` and `degC` are one. */
const normalized = (name: string) => name.toLowerCase().replace(/[\s._:]+/g, '');

/** The unit of that name among those of a dimension: `m` is a minute among times and a metre among lengths. */
export function unitOf(dimension: Dimension, name: string): Unit | undefined {
  return UNITS[dimension].get(normalized(name));
}

/** Whether it is the name of a unit of anything. */
export function isUnit(name: string): boolean {
  return Object.values(UNITS).some((units) => units.has(normalized(name)));
}

/** Carries a value from one unit to another of the same dimension; without the noise of the last digits. */
export function convert(value: number, from: Unit, to: Unit): number {
  if (from.factor === to.factor && from.shift === to.shift) return value;
  return Number(((value * from.factor + from.shift - to.shift) / to.factor).toPrecision(14));
}
