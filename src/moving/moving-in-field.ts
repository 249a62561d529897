import { basename } from 'node:path';
import type { MovingRow } from '../catalog/moving-row.js';
import type { ElementFile, ElementWarning, MovingObjects, NotStated } from '../job/observation.js';
import { readComet } from './comets.js';
import { type ElementKind, findElementFiles, kindOfLine, reasonOf } from './element-files.js';
import { type OnLine, readLines } from './element-lines.js';
import { minorPlanetOf, noElements, readMinorPlanet } from './minor-planets.js';
import { OLDEST_DAYS, SatelliteSky, satelliteIn } from './satellites.js';
import { SmallBodySearch } from './small-bodies.js';
import { TleReader } from './tle.js';
import type { View } from './view.js';

/** Warnings of one code that a file has in the report. */
const MOST_WARNINGS = 20;
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
 * @throws the signal's reason
 */
export async function moversIn(view: View, paths: readonly string[], signal: AbortSignal): Promise<Movers> {
  const { files, unreadable } = await findElementFiles(paths);
  const search = new Search(view);
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

const emptyReport = (name: string): ElementFile => ({
  name,
  objects: 0,
  damaged: 0,
  outdated: 0,
  warnings: [],
});

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
  #satelliteSky: Promise<SatelliteSky | undefined> | undefined;

  constructor(view: View) {
    this.#view = view;
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
          damaged(report, number, wrong);
          return;
        }
        report.objects++;
        if (!this.#smallBodies.mayShow(elements)) return;
        const body = minorPlanetOf(bytes, from, to, elements);
        this.#keep(this.#smallBodies.row(body), report, number, body.name);
      },
    };
  }

  #comets(report: ElementFile): LineTaker {
    const start = afterHeading('comets');
    return {
      line: (bytes, from, to, number) => {
        if (from === to || !start(bytes, from, to)) return;
        const body = readComet(bytes, from, to);
        if (typeof body === 'string') {
          damaged(report, number, body);
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
      (line, why) => damaged(report, line, why),
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

/** Lines before the first one of a kind are the heading of a file. */
function afterHeading(kind: ElementKind): (bytes: Buffer, from: number, to: number) => boolean {
  let begun = false;
  return (bytes, from, to) => {
    begun ||= kindOfLine(bytes.toString('latin1', from, to)) === kind;
    return begun;
  };
}

function warn(report: ElementFile, warning: ElementWarning): void {
  const alike = report.warnings.filter(({ code }) => code === warning.code);
  if (alike.length < MOST_WARNINGS) report.warnings.push(warning);
}

function damaged(report: ElementFile, line: number, why: string): void {
  report.damaged++;
  warn(report, { code: 'damaged_line', line, message: `Line ${line} of ${report.name} is left out: ${why}` });
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
