import type { SolveParamsInput } from '../../job/param-table.js';

/** What ASTAP was asked for, as far as it changes what is done here. */
export interface AstapArguments {
  image: string;
  /** Where the `.ini` and `.wcs` go; its extension is replaced. @default the image */
  output: string;
  params: SolveParamsInput;
  /** Height of the field, degrees; undefined when it is to be found. */
  fov_deg?: number;
  sip: boolean;
  /** The `.wcs` is a FITS header instead of lines of text. */
  wcsAsFits: boolean;
  update: boolean;
  annotate: boolean;
  log: boolean;
  progress: boolean;
}

/** The options that take a value, with what they are for; those without a reading are accepted and have no effect here. */
const WITH_VALUE = {
  f: 'file: the image',
  r: 'degrees: radius of the area to search',
  fov: 'degrees: height of the field; 0 when it is not known',
  ra: 'hours: right ascension of the centre to search around',
  spd: 'degrees: its south pole distance, the declination + 90',
  z: 'factor: downsample before solving; 0 for automatic',
  o: 'file: base path and name of the outputs',
  s: 'count: without effect here, all stars are used',
  t: 'tolerance: without effect here',
  m: 'arcseconds: without effect here',
  d: 'path: without effect here, the stars come with the package',
  D: 'name: without effect here',
  speed: 'auto or slow: without effect here',
} as const;

const FLAGS = {
  wcs: 'write the .wcs as a FITS header, otherwise as text',
  sip: 'with the distortion as SIP coefficients',
  update: 'write the solution into the FITS image; of other images a .fits is written',
  annotate: 'write the picture with its objects named, _annotated.jpg',
  log: 'write what the solver says to a .log',
  progress: 'say on stdout what is being done',
  check: 'without effect here',
} as const;

type ValueName = keyof typeof WITH_VALUE;
type FlagName = keyof typeof FLAGS;

/** Wrong usage. */
export class AstapUsageError extends Error {}

export function astapHelp(version: string): string {
  const lines = (table: Readonly<Record<string, string>>) =>
    Object.entries(table).map(([name, text]) => `-${name.padEnd(9)} ${text}`);
  return [
    `Astro Jobs ${version}, which answers as ASTAP's command line.`,
    'Usage:',
    ...lines(WITH_VALUE),
    ...lines(FLAGS),
    '',
    'The solution is written to filename.ini and filename.wcs.',
    'Exit status: 0 solved, 1 no solution, 2 not enough stars, 16 the image cannot be read, 32 no stars to compare with,',
    '33 they cannot be read, 34 the image could not be updated.',
  ].join('\n');
}

/**
 * Reads a command line as ASTAP does: `-name value`, or `-name=value`, in any order. Undefined when help is asked for.
 * @throws AstapUsageError
 */
export function parseAstap(argv: readonly string[]): AstapArguments | undefined {
  const values = new Map<ValueName, string>();
  const flags = new Set<FlagName>();
  for (let at = 0; at < argv.length; at++) {
    const [name = '', inline] = split(argv[at] ?? '');
    if (name === 'h' || name === 'help') return undefined;
    if (Object.hasOwn(FLAGS, name)) {
      flags.add(name as FlagName);
      // Some callers write `-sip y` and `-check n`.
      const answer = inline ?? (/^[yn]$/i.test(argv[at + 1] ?? '') ? argv[++at] : undefined);
      if (answer !== undefined && /^n$/i.test(answer)) flags.delete(name as FlagName);
    } else if (Object.hasOwn(WITH_VALUE, name)) {
      const value = inline ?? argv[++at];
      if (value === undefined) throw new AstapUsageError(`-${name} needs a value`);
      values.set(name as ValueName, value);
    } else throw new AstapUsageError(`${argv[at]} is not known here`);
  }
  const image = values.get('f');
  return image === undefined ? undefined : read(image, values, flags);
}

/** The name of an option and the value behind its equals sign. */
function split(argument: string): [name?: string, value?: string] {
  const parts = /^--?([A-Za-z]\w*)(?:=(.*))?$/s.exec(argument);
  return parts ? [parts[1], parts[2]] : [];
}

function read(
  image: string,
  values: ReadonlyMap<ValueName, string>,
  flags: ReadonlySet<FlagName>,
): AstapArguments {
  const number = (name: ValueName): number | undefined => {
    const text = values.get(name);
    if (text === undefined) return undefined;
    // Callers in the locale of their user write a comma.
    const value = Number(text.replace(',', '.'));
    if (text.trim() === '' || !Number.isFinite(value))
      throw new AstapUsageError(`-${name} ${text}: expected a number`);
    return value;
  };
  const [ra, spd, radius = 180, fov, z = 0] = (['ra', 'spd', 'r', 'fov', 'z'] as const).map(number);
  const isPlaced = ra !== undefined && spd !== undefined && radius > 0 && radius < 180;
  return {
    image,
    output: values.get('o') ?? image,
    params: {
      ...(isPlaced && { ra: (((ra * 15) % 360) + 360) % 360, dec: spd - 90, radius }),
      ...(z >= 1 && { downsample: Math.round(z) }),
    },
    ...(fov !== undefined && fov > 0 && { fov_deg: fov }),
    sip: flags.has('sip'),
    wcsAsFits: flags.has('wcs'),
    update: flags.has('update'),
    annotate: flags.has('annotate'),
    log: flags.has('log'),
    progress: flags.has('progress'),
  };
}
