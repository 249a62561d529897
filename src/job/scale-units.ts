/** What a number of `scale_low` and `scale_high` means. */
export interface ScaleUnit {
  /** What the number means. */
  text: string;
  /** Whether a larger number is a narrower field. */
  inverse: boolean;
  /** Degrees of image width that a number of this unit stands for; undefined when the image's pixels must be known and are not. */
  widthDeg(value: number, widthPixels: number | undefined): number | undefined;
}

/** Half the width of a 35 mm frame. */
const HALF_FRAME_MM = 18;

const TABLE = {
  degwidth: { text: 'degrees of image width', inverse: false, widthDeg: (value: number) => value },
  arcminwidth: { text: 'arcminutes of image width', inverse: false, widthDeg: (value: number) => value / 60 },
  arcsecperpix: {
    text: 'arcseconds per pixel',
    inverse: false,
    widthDeg: (value: number, widthPixels: number | undefined) =>
      widthPixels === undefined ? undefined : (value * widthPixels) / 3600,
  },
  focalmm: {
    text: '35 mm-equivalent focal length in mm',
    inverse: true,
    widthDeg: (value: number) => (360 / Math.PI) * Math.atan(HALF_FRAME_MM / value),
  },
} as const satisfies Record<string, ScaleUnit>;

/** Name of a scale unit: a key of `SCALE_UNIT_TABLE`. */
export type ScaleUnits = keyof typeof TABLE;

/** What a number of `scale_low` and `scale_high` can mean: astrometry.net's units. */
export const SCALE_UNIT_TABLE: Readonly<Record<ScaleUnits, ScaleUnit>> = TABLE;

/** Names of the units. */
export const SCALE_UNITS = Object.keys(SCALE_UNIT_TABLE) as [ScaleUnits, ...ScaleUnits[]];

/** Whether a text is the name of a scale unit. */
export function isScaleUnit(name: unknown): name is ScaleUnits {
  return typeof name === 'string' && Object.hasOwn(SCALE_UNIT_TABLE, name);
}

/** The unit of that name. */
export function scaleUnit(name: ScaleUnits): ScaleUnit {
  return SCALE_UNIT_TABLE[name];
}
