import { z } from 'zod';
import { OBJECT_LAYERS } from '../catalog/layers.js';
import { type Ground, PALETTE_NAMES } from './palette.js';

/** What can be drawn or left out by itself. */
export const LAYERS = [
  ...OBJECT_LAYERS,
  'grid',
  'constellations',
  'ecliptic',
  'equator',
  'galactic',
  'caption',
] as const;
/** One kind of thing that is drawn: a name of `LAYERS`. */
export type Layer = (typeof LAYERS)[number];

/** Off unless asked for: clouds of surveys cover one another, and lines that few pictures need. */
const OFF = new Set<Layer>(['lbn', 'ldn', 'ecliptic', 'equator', 'galactic']);
const usual = LAYERS.filter((layer) => !OFF.has(layer));

/** Names of the styles: how much is drawn. */
export const STYLE_NAMES = ['overlay', 'chart', 'minimal', 'print'] as const;
/** How much is drawn: a name of `STYLE_NAMES`. */
export type Style = (typeof STYLE_NAMES)[number];

/** What is drawn, by style, unless `layers` says otherwise. */
const STYLES: Readonly<Record<Style, readonly Layer[]>> = {
  overlay: usual,
  chart: usual,
  print: usual,
  minimal: ['solar-system', 'moving', 'stars', 'messier', 'ngc', 'sharpless', 'deep-sky', 'other'],
};

/** How a solved picture is drawn: the options of library, command line and HTTP. */
export const drawingOptionsSchema = z.strictObject({
  /**
   * `overlay` names all it has space for; `minimal` the subject and what stands out most, without grid and caption; `print` draws on the
   * photograph's negative, dark on white; `chart` draws no photograph but a finder chart with the picture's frame. @default 'overlay'
   */
  style: z.enum(STYLE_NAMES).optional(),
  /** What is drawn, instead of what the style has. */
  layers: z.array(z.enum(LAYERS)).readonly().optional(),
  /** `color-blind`: told apart without telling red from green. @default 'standard' */
  palette: z.enum(PALETTE_NAMES).optional(),
  /** Pixels of the picture's width; the height follows. @default the image's own, its longer side 1600 to 4096; 1600 of a chart */
  width: z.int().min(16).max(16_384).optional(),
});
export type DrawingOptions = z.input<typeof drawingOptionsSchema>;

/** The layers of a drawing; the subject is always drawn unless `layers` were named. */
export function layersOf({ style = 'overlay', layers }: DrawingOptions): ReadonlySet<Layer> {
  return new Set<Layer>(layers ?? STYLES[style]);
}

/** What a style draws upon. */
export const groundOf = ({ style }: DrawingOptions): Ground =>
  style === 'chart' || style === 'print' ? 'light' : 'dark';
