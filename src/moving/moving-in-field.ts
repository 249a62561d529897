import { basename } from 'node:path';
import type { MovingRow } from '../catalog/moving-row.js';
import { defaultCacheDirs } from '../defaults.js';
import type { ElementFile, MovingObjects, NotStated } from '../job/observation.js';
import { readComet } from './comets.js';
import { afterHeading, type ElementKind, findElementFiles, kindOfLine, reasonOf } from './element-files.js';
import { type OnLine, readLines } from './element-lines.js';
import { damagedLine, emptyReport, warn } from './element-report.js';
import { type MinorPlanetElements, minorPlanetOf, noElements, readMinorPlanet } from './minor-planets.js';
import { OrbitIndex } from './orbit-index.js';
import { OLDEST_DAYS, SatelliteSky, satelliteIn } from './satellites.js';
import { SmallBodySearch } from './small-bodies.js';
import { TleReader } from './tle.js';
import type { View } from './view.js';

/** Objects that a picture lists at most, the brightest ones; satellites, of which no magnitude is known, by the length of their trails. */
const MOST_LISTED = 300;

/** What moved through a picture, and how it was looked for. */
export interface Movers {
  rows: MovingRow[];
  report: MovingObjects;
}

/**
 * Asteroids, comets and satellites in a picture, by the elements in files: MPCORB and comets of the Minor Planet Center, and two-line
 * elements. Files are read as streams in small pieces; a line or file that cannot be read costs a warning and nothing else.
 * @param paths of files, packed by gzip or not, and of folders
 * @param cacheDirs where indexes of large files are kept: the first that can be used
 * @throws the signal's reason
 */
export async function moversIn(
  view: View,
  paths: readonly string[],
  signal: AbortSignal,
  cacheDirs: readonly string[] = defaultCacheDirs(),
): Promise<Movers> {
  const { files, unreadable } = await findElementFiles(paths);
  const search = new Search(view, cacheDirs);
  const reports: ElementFile[] = unreadable.map(({ name, why }) => ({
    ...emptyReport(name),
    warnings: [{ code: 'unreadable_file', message: `${name} is left out: ${why}` }],
  }));
  for (const path of files) reports.push(await search.file(path, signal));
  const rows = search.rows.toSorted(
    (a, b) => (a.magnitude ?? 99) - (b.magnitude ?? 99) || (b.trail?.length ?? 0) - (a.trail?.length ?? 0),
  );
  const left = rows.length - MOST_LISTED;
  return {
    rows: rows.slice(0, MOST_LISTED),
    report: {
      magnitude_limit: Number(view.magnitude.toFixed(1)),
      ...(left > 0 && { left_out: left }),
      files: reports,
      ...(search.notStated.length > 0 && { not_stated: search.notStated }),
    },
  };
}

/** Takes what one line of a kind holds, and what is wrong with it. */
interface LineTaker {
  line: OnLine;
  end?(): void;
}

class Search {
  readonly rows: MovingRow[] = [];
  readonly notStated: NotStated[] = [];
  readonly #view: View;
  readonly #smallBodies: SmallBodySearch;
  readonly #cacheDirs: readonly string[];
  #satelliteSky: Promise<SatelliteSky | undefined> | undefined;

  constructor(view: View, cacheDirs: readonly string[]) {
    this.#view = view;
    this.#cacheDirs = cacheDirs;
    this.#smallBodies = new SmallBodySearch(view);
  }

  async file(path: string, signal: AbortSignal): Promise<ElementFile> {
    const name = basename(path);
    const report = emptyReport(name);
    const kind = await kindOfFile(path, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      report.warnings.push({ code: 'unreadable_file', message: `${name} is left out: ${reasonOf(error)}` });
      return undefined;
    });
    if (!kind) {
      if (report.warnings.length === 0)
        report.warnings.push({
          code: 'unknown_format',
          message: `${name} has no line of MPCORB, of a comet or of two-line elements`,
        });
      return report;
    }
    report.kind = kind;
    const taker = await this.#taker(kind, report);
    if (!taker) return report;
    try {
      if (kind === 'minor-planets' && (await this.#byIndex(path, report, signal))) return report;
      await readLines(path, signal, taker.line);
      taker.end?.();
    } catch (error) {
      signal.throwIfAborted();
      report.warnings.push({
        code: 'unreadable_file',
        message: `${name} is read as far as it can be: ${reasonOf(error)}`,
      });
    }
    return report;
  }

  /** Whether a large file could be looked through by an index of it; whatever goes wrong with that costs time and nothing else. */
  async #byIndex(path: string, report: ElementFile, signal: AbortSignal): Promise<boolean> {
    const rows = this.rows.length;
    try {
      const index = await OrbitIndex.of(path, this.#cacheDirs, signal);
      if (!index) return false;
      const made: ElementFile = { ...report, ...index.report };
      const elements = noElements();
      await index.read(this.#view.magnitude, signal, (bytes, from, to, number) => {
        if (readMinorPlanet(bytes, from, to, elements) === undefined)
          this.#asteroid(elements, [bytes, from, to, number], made);
      });
      Object.assign(report, made);
      return true;
    } catch {
      signal.throwIfAborted();
      this.rows.length = rows;
      return false;
    }
  }

  async #taker(kind: ElementKind, report: ElementFile): Promise<LineTaker | undefined> {
    if (kind === 'minor-planets') return this.#minorPlanets(report);
    if (kind === 'comets') return this.#comets(report);
    const sky = await this.#sky();
    return sky && this.#satellites(sky, report);
  }

  #keep(row: MovingRow | 'outdated' | undefined, report: ElementFile, number: number, name: string): void {
    if (row === 'outdated') {
      report.outdated++;
      warn(report, {
        code: 'outdated_elements',
        line: number,
        message: `The elements of ${name} are too old to say where it was`,
      });
    } else if (row) this.rows.push(row);
  }

  #minorPlanets(report: ElementFile): LineTaker {
    const elements = noElements();
    const start = afterHeading('minor-planets');
    return {
      line: (bytes, from, to, number) => {
        if (from === to || !start(bytes, from, to)) return;
        const wrong = readMinorPlanet(bytes, from, to, elements);
        if (wrong !== undefined) {
          damagedLine(report, number, wrong);
          return;
        }
        report.objects++;
        this.#asteroid(elements, [bytes, from, to, number], report);
      },
    };
  }

  #asteroid(
    elements: MinorPlanetElements,
    [bytes, from, to, number]: Parameters<OnLine>,
    report: ElementFile,
  ): void {
    if (!this.#smallBodies.mayShow(elements)) return;
    const body = minorPlanetOf(bytes, from, to, elements);
    this.#keep(this.#smallBodies.row(body), report, number, body.name);
  }

  #comets(report: ElementFile): LineTaker {
    const start = afterHeading('comets');
    return {
      line: (bytes, from, to, number) => {
        if (from === to || !start(bytes, from, to)) return;
        const body = readComet(bytes, from, to);
        if (typeof body === 'string') {
          damagedLine(report, number, body);
          return;
        }
        report.objects++;
        this.#keep(this.#smallBodies.row(body), report, number, body.name);
      },
    };
  }

  #satellites(sky: SatelliteSky, report: ElementFile): LineTaker {
    const reader = new TleReader(
      (lines) => {
        report.objects++;
        const row = satelliteIn(sky, lines, this.#view);
        if (row === 'outdated') report.outdated++;
        else if (row) this.rows.push(row);
      },
      (line, why) => damagedLine(report, line, why),
    );
    return {
      line: (bytes, from, to, at) => {
        if (from < to) reader.line(bytes.toString('latin1', from, to), at);
      },
      end: () => {
        reader.end();
        if (report.outdated > 0)
          warn(report, {
            code: 'outdated_elements',
            message: `${report.outdated} of ${report.objects} are more than ${OLDEST_DAYS} days from the picture, and left out: download elements of its date`,
          });
      },
    };
  }

  /** Told once why there are no satellites. */
  #sky(): Promise<SatelliteSky | undefined> {
    this.#satelliteSky ??= this.#openSky()
      .catch((error: unknown) => {
        const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
        if (!missing) throw error;
        return 'They need satellite.js, which is not installed beside astro-jobs: npm install satellite.js';
      })
      .then((sky) => {
        if (typeof sky !== 'string') return sky;
        this.notStated.push({ what: 'satellites', why: sky });
        return undefined;
      });
    return this.#satelliteSky;
  }

  async #openSky(): Promise<SatelliteSky | string> {
    const { site, exposure } = this.#view;
    if (!site) return 'The site is unknown, and a satellite stands elsewhere in the sky of each';
    if (exposure.seconds === undefined) return 'It is unknown how long the picture was exposed';
    return new SatelliteSky(await import('satellite.js'), site, exposure.middle);
  }
}

/** Lines within which a file shows what it holds; the heading of MPCORB has some forty. */
const HEADING = 500;
const KNOWN = Symbol('known');

/** By its first line of elements. */
async function kindOfFile(path: string, signal: AbortSignal): Promise<ElementKind | undefined> {
  let kind: ElementKind | undefined;
  try {
    await readLines(path, signal, (bytes, from, to, number) => {
      kind = kindOfLine(bytes.toString('latin1', from, to));
      if (kind !== undefined || number >= HEADING) throw KNOWN;
    });
  } catch (thrown) {
    if (thrown !== KNOWN) throw thrown;
  }
  return kind;
}
