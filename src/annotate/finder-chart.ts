import { layerOf } from '../catalog/layers.js';
import { describeField } from '../catalog/objects-in-field.js';
import type { AstroObject } from '../job/astrometry.js';
import type { SolvedResult } from '../job/result.js';
import { frameOutline } from '../wcs/frame-outline.js';
import { DEG, RAD, separation } from '../wcs/sphere.js';
import { createView } from '../wcs/view.js';
import type { Wcs } from '../wcs/wcs.js';
import { zenithalRadius } from '../wcs/zenithal.js';
import { captionOf } from './captions.js';
import { drawChart } from './chart.js';
import { brightestStars } from './chart-stars.js';
import { type CaptionPlace, documentOf, furnitureBox, type Overlay, typeSizes } from './document.js';
import { type DrawingOptions, groundOf, layersOf } from './drawing-options.js';
import { outlines } from './outlines.js';
import { drawnFigures, drawnObjects } from './overlay.js';
import { paletteOf } from './palette.js';
import type { ChartStar } from './star-dots.js';

export interface FinderChartOptions extends DrawingOptions {
  /** Where caption, legend, scale bar and compass are. @default 'below' */
  caption?: CaptionPlace;
}

/** Width of a chart unless another is asked for, pixels, and its height in parts of that. */
const WIDTH = 1600;
const ASPECT = 3 / 4;
/** Degrees from the middle of a chart to its upper edge: a multiple of those to the corner of the picture, within limits. */
const REACH = { times: 2, beyond_deg: 20, least_deg: 1.5, most_deg: 140 };
/** The brightest stars about the middle, so many that no chart is black, and not fainter than this. */
const STARS = { most: 1400, faintest: 12.5 };
/** Magnitudes from the smallest dots to the largest, and the radius of those, of the type size. */
const SPAN_MAG = 7;
const LARGEST_DOT = 0.42;

/**
 * A finder chart: black stars on white by their brightness, what is in the sky around, and the frame of the picture, as the sky is seen with
 * north up. Stereographic (STG of FITS), so that shapes stay as they are, about the middle of the picture; twice as wide as that, and 3° high at least.
 */
export function finderChart(result: SolvedResult, wcs: Wcs, options: FinderChartOptions): Overlay {
  const { caption: place = 'below' } = options;
  const chart = chartWcs(wcs, result, options.width ?? WIDTH);
  const view = createView(chart, { rowOrder: 'top-down' }, chart.width);
  const palette = paletteOf(options.palette, groundOf({ style: 'chart' }));
  const lettering = outlines(palette.halo);
  const layers = layersOf(options);
  const drawing = { view, ...typeSizes(view, lettering), palette, lettering, layers };
  const stars = starsIn(chart);
  const faintest = stars.at(-1)?.magnitude ?? STARS.faintest;
  const dots = { faintest, span: SPAN_MAG, largest: drawing.size * LARGEST_DOT };
  const furniture = { caption: captionOf(result), dots };
  const box = furnitureBox(furniture, drawing, place);
  const { subject } = result.astrometry;
  const scene = {
    objects: [...drawnObjects(result, layers, options), ...objectsAround(chart, result, layers)],
    subject,
    figures: drawnFigures(view, subject, options),
    covered: box && place === 'inside' ? [box] : [],
    stars,
    dots,
    fields: [
      {
        ra_center: result.astrometry.ra_center,
        dec_center: result.astrometry.dec_center,
        corners: frameOutline(wcs),
        title: result.filename ?? 'The picture',
      },
    ],
  };
  return documentOf(drawChart(scene, drawing), furniture, drawing, { place, ground: palette.strip });
}

/** The plate solution that a photograph of the chart would have. */
function chartWcs(wcs: Wcs, { astrometry }: SolvedResult, width: number): Wcs {
  const center: Wcs['crval'] = [astrometry.ra_center, astrometry.dec_center];
  const height = Math.round(width * ASPECT);
  const corner = frameOutline(wcs).reduce(
    (most, place) => Math.max(most, separation(...center, ...place)),
    0,
  );
  const wanted = Math.min(REACH.times * corner, corner + REACH.beyond_deg);
  const reach_deg = Math.max(REACH.least_deg, Math.min(REACH.most_deg, wanted));
  const scale = (zenithalRadius('STG', reach_deg * RAD) * DEG) / (height / 2);
  return {
    crval: center,
    crpix: [(width + 1) / 2, (height + 1) / 2],
    // North is up and east to the left, rows from the uppermost.
    cd: [
      [-scale, 0],
      [0, -scale],
    ],
    width,
    height,
    projection: 'STG',
  };
}

/** The brightest stars of the package's own that the chart reaches, brightest first. */
function starsIn(chart: Wcs): ChartStar[] {
  const radius = frameOutline(chart).reduce(
    (most, place) => Math.max(most, separation(...chart.crval, ...place)),
    0,
  );
  return brightestStars(chart.crval, radius, STARS);
}

/** What is in the sky of the chart beside what was found in the picture. */
function objectsAround(
  chart: Wcs,
  { astrometry: { objects } }: SolvedResult,
  layers: ReturnType<typeof layersOf>,
): AstroObject[] {
  const keyOf = ({ catalog, id, name }: AstroObject) => `${catalog} ${id ?? name}`;
  const known = new Set(objects.map(keyOf));
  return describeField(chart).objects.filter(
    (object) => layers.has(layerOf(object)) && !known.has(keyOf(object)),
  );
}
