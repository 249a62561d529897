import { anySignal } from '../async/any-signal.js';
import type { Reading } from '../decoding/reading.js';
import type { FoundStars } from '../decoding/star-work.js';
import { DEFAULTS } from '../defaults.js';
import { tableFits } from '../fits/write-table.js';
import { DECODERS } from '../image/decoders.js';
import type { ImageLimits, OpenedImage } from '../image/image.js';
import type { SolveParams } from '../job/param-table.js';
import type { SolvedResult } from '../job/result.js';
import { candidatesOf } from '../measure/candidates.js';
import { identify } from '../measure/identify.js';
import { imageQuality } from '../measure/image-quality.js';
import type { Measurement } from '../measure/measurement.js';
import { photometryOf } from '../measure/photometry.js';
import { starTable } from '../measure/star-table.js';
import { usualShrink } from '../stars/shrink.js';
import type { Wcs } from '../wcs/wcs.js';
import { fieldReferences } from './field-references.js';
import { pixelFacts } from './pixel-facts.js';

/** Bytes of memory that a pixel may take while it is measured: a float, and what its decoder holds beside it. */
const BYTES_PER_PIXEL = 8;
const SIGMAS = 5;

export interface MeasuringOptions {
  reading: Reading;
  params: SolveParams;
  limits?: Partial<ImageLimits> | undefined;
  signal: AbortSignal;
  /** Told, in one line, what is not measured and why. */
  note(line: string): void;
}

/** What was measured of a solved image: keys of its document, and files by their names in `output/`. */
export interface Measured {
  document: Pick<SolvedResult, 'image_quality' | 'photometry' | 'candidates'>;
  files: Readonly<Record<string, Uint8Array>>;
}

const NOTHING: Measured = { document: {}, files: {} };

/** Measures an image beside the search for its plate solution: it begins with the first stars that a solver finds in it. */
export class Measuring implements AsyncDisposable {
  /** The image as a solver is to see it. */
  readonly image: OpenedImage;
  readonly #options: MeasuringOptions;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  readonly #why: string | undefined;
  #work: Promise<Measurement> | undefined;

  constructor(options: MeasuringOptions) {
    this.#options = options;
    this.#signal = anySignal(options.signal, this.#ending.signal);
    this.#why = reasonAgainst(options);
    const { image } = options.reading;
    this.image =
      this.#why === undefined
        ? { ...image, findStars: (asked, signal) => this.#findStars(asked, signal) }
        : image;
  }

  /** What the solved image shows. What goes wrong, and the end of the time that there is, cost a line in the log and no solution. */
  async of(solved: SolvedResult, wcs: Wcs): Promise<Measured> {
    const { note, params } = this.#options;
    if (this.#why !== undefined) {
      if (params.measure) note(`Nothing is measured: ${this.#why}`);
      return NOTHING;
    }
    try {
      return await this.#measured(solved, wcs);
    } catch (error) {
      note(`The image could not be measured: ${error instanceof Error ? error.message : String(error)}`);
      return NOTHING;
    }
  }

  /** Ends the work where nothing waits for it any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#work?.catch(() => {});
  }

  async #findStars(
    { shrink, sigmas, undrawn }: { shrink: number; sigmas: number; undrawn?: boolean | undefined },
    signal: AbortSignal,
  ): Promise<Float64Array> {
    const { reading } = this.#options;
    // The plane that is measured is decoded with the first one that is searched.
    const binning = this.#work ? undefined : binningOf(reading);
    const packed = await reading.findStars({ shrink, sigmas, undrawn, binning }, signal);
    this.#begin({ packed, shrink });
    return packed;
  }

  #begin(found: FoundStars): void {
    const { reading } = this.#options;
    const work = this.#work ?? reading.measure(found, binningOf(reading), this.#signal);
    this.#work = work;
    // What fails is told to those who wait for it.
    work.catch(() => {});
  }

  async #measured(solved: SolvedResult, wcs: Wcs): Promise<Measured> {
    const { reading, params, note } = this.#options;
    const { image, capture } = reading;
    if (!this.#work) {
      // The solver has found the image by other stars than ours.
      const shrink = usualShrink(image.width, image.height, params.downsample);
      await this.#findStars({ shrink, sigmas: SIGMAS }, this.#signal);
    }
    const { pixscale_arcsec, quality, objects } = solved.astrometry;
    const [measurement, references] = await Promise.all([
      this.#work as Promise<Measurement>,
      fieldReferences(wcs, this.#signal),
    ]);
    const image_quality = imageQuality(measurement, {
      ...{ wcs, pixscale_arcsec, exposure: capture.exposure },
      display: { rowOrder: image.rowOrder, exifOrientation: image.exifOrientation },
    });
    const identified = identify(measurement, wcs, references, {
      pixscale_arcsec,
      rms_arcsec: quality?.rms_arcsec ?? pixscale_arcsec,
    });
    const found = photometryOf(measurement, identified, pixelFacts(image, measurement), pixscale_arcsec);
    const photometry = typeof found === 'string' ? undefined : found;
    if (typeof found === 'string') note(found);
    const candidates =
      photometry &&
      candidatesOf(measurement, {
        ...{ pixscale_arcsec, identified, tycho: references.tycho, objects },
        ...{ scatter: photometry.scatter, slope: photometry.slope },
      });
    if (typeof candidates === 'string') note(candidates);
    return {
      document: {
        image_quality,
        ...(photometry && { photometry }),
        ...(Array.isArray(candidates) && { candidates }),
      },
      files: { 'stars.fits': tableFits(starTable(measurement, identified, photometry?.zero_point)) },
    };
  }
}

/** Why an image is not measured. */
function reasonAgainst({ reading, params, limits }: MeasuringOptions): string | undefined {
  const { image } = reading;
  if (!params.measure) return 'it was not asked for';
  if (!DECODERS[image.kind].hasPixels) return 'a list of stars has no pixels';
  if (params.invert) return 'a negative shows no light';
  const bytes = image.width * image.height * BYTES_PER_PIXEL;
  if (bytes > (limits?.maxMemoryBytes ?? DEFAULTS.maxMemoryBytes))
    return 'its pixels as a whole take more memory than is allowed';
  return undefined;
}

/** Of a colour mosaic, four pixels of different colours count as one. */
export function binningOf({ image, capture }: Pick<Reading, 'image' | 'capture'>): number {
  const isCube = (image.fitsHeader?.number('NAXIS') ?? 2) > 2;
  return capture.bayer_pattern !== undefined && !isCube ? 2 : 1;
}
