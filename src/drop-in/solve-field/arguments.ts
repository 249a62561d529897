import { Command, InvalidArgumentError, Option } from 'commander';
import type { SolveParamsInput } from '../../job/param-table.js';
import type { ScaleUnits } from '../../job/scale-units.js';
import { parseAngle, parseReal } from './angles.js';

/** What solve-field was asked for, as far as it changes what is done here. */
export interface SolveFieldArguments {
  images: readonly string[];
  filesOnStdin: boolean;
  params: SolveParamsInput;
  /** Configurations of the engine: the folders with index files that they name are used. */
  configs: readonly string[];
  indexDirs: readonly string[];
  /** Where the outputs go. */
  dir?: string;
  /** Their name without extension. */
  base?: string;
  overwrite: boolean;
  /** Existing outputs are kept where they are and solved all the same. */
  goOn: boolean;
  skipSolved: boolean;
  /** Names of outputs, `none` for one that is not wanted. */
  outputs: Partial<Record<OutputName, string>>;
  tempAxy: boolean;
  aboutCentre: boolean;
  /** The solve is given up as soon as this file is there. */
  cancel?: string;
  verbose: boolean;
}

export type OutputName =
  | 'axy'
  | 'solved'
  | 'wcs'
  | 'corr'
  | 'match'
  | 'rdls'
  | 'new-fits'
  | 'index-xyls'
  | 'keep-xylist';

const OUTPUT_OPTIONS: readonly [flags: string, name: OutputName][] = [
  ['--axy <file>', 'axy'],
  ['-S, --solved <file>', 'solved'],
  ['-W, --wcs <file>', 'wcs'],
  ['-B, --corr <file>', 'corr'],
  ['-M, --match <file>', 'match'],
  ['-R, --rdls <file>', 'rdls'],
  ['-N, --new-fits <file>', 'new-fits'],
  ['-U, --index-xyls <file>', 'index-xyls'],
  ['-k, --keep-xylist <file>', 'keep-xylist'],
];

const UNITS: Readonly<Record<string, ScaleUnits>> = {
  degwidth: 'degwidth',
  degw: 'degwidth',
  dw: 'degwidth',
  arcminwidth: 'arcminwidth',
  amw: 'arcminwidth',
  aw: 'arcminwidth',
  arcsecperpix: 'arcsecperpix',
  app: 'arcsecperpix',
  focalmm: 'focalmm',
};

function parseUnit(text: string): ScaleUnits {
  const unit = Object.hasOwn(UNITS, text) ? UNITS[text] : undefined;
  if (!unit) throw new InvalidArgumentError(`Expected one of ${Object.keys(UNITS).join(', ')}.`);
  return unit;
}

/** solve-field's word is the opposite of the sign of det CD. */
function parseParity(text: string): 1 | -1 {
  if (text === 'pos') return -1;
  if (text === 'neg') return 1;
  throw new InvalidArgumentError('Expected pos or neg.');
}

const collect = (value: string, values: string[] = []) => [...values, value];

/**
 * What solve-field knows and what is done otherwise here, so that a command line that has it is accepted: the star finder, the matching of
 * quads and the clean-ups are this package's own, and no plots are made. From solve-field(1).
 */
const WITHOUT_EFFECT = [
  ...['-p, --no-plots', '-G, --use-wget', '--batch', '--fits-image', '-7, --no-delete-temp', '--timestamp'],
  ...['-r, --resort', '--no-background-subtraction', '-9, --no-remove-lines', '--no-verify-uniformize'],
  ...['--no-verify-dedup', '-0, --no-fix-sdss', '--no-fits2fits', '--use-source-extractor', '--just-augment'],
  ...['-y, --no-verify', '-g, --guess-scale', '-a, --sort-ascending', '--no-tweak-2', '-A, --dont-augment'],
  ...['--plot-scale <n>', '--plot-bg <file>', '-Z, --kmz <file>', '-i, --scamp <file>', '--uniformize <n>'],
  ...['-n, --scamp-config <file>', '-j, --scamp-ref <file>', '-P, --pnm <file>', '-I, --solved-in <file>'],
  ...['-c, --code-tolerance <n>', '-E, --pixel-error <n>', '-q, --quad-size-min <n>', '--sigma <n>'],
  ...['-Q, --quad-size-max <n>', '--odds-to-tune-up <n>', '--odds-to-solve <n>', '--odds-to-reject <n>'],
  ...['--odds-to-stop-looking <n>', '--source-extractor-config <file>', '--source-extractor-path <file>'],
  ...['-d, --depth <range>', '--objs <n>', '--nsigma <n>', '-V, --verify <file>', '--verify-ext <n>'],
  ...[
    '--crpix-x <n>',
    '--crpix-y <n>',
    '-m, --temp-dir <dir>',
    '-X, --x-column <name>',
    '-Y, --y-column <name>',
  ],
  ...['-s, --sort-column <name>', '--sort-rdls <column>', '--tag <column>', '--tag-all'],
];

interface Options {
  [name: string]: unknown;
  dir?: string;
  out?: string;
  overwrite?: boolean;
  continue?: boolean;
  skipSolved?: boolean;
  filesOnStdin?: boolean;
  backendConfig?: string[];
  config?: string[];
  indexDir?: string[];
  scaleLow?: number;
  scaleHigh?: number;
  scaleUnits?: ScaleUnits;
  parity?: 1 | -1;
  ra?: number;
  dec?: number;
  radius?: number;
  cpulimit?: number;
  downsample?: number;
  extension?: string;
  invert?: boolean;
  tweak: boolean;
  tweakOrder?: number;
  crpixCenter?: boolean;
  cancel?: string;
  width?: number;
  height?: number;
  tempAxy?: boolean;
  verbose?: boolean;
}

/** The command line, with the sources that capture programs look at: `Revision` is searched for by KStars. */
export function solveFieldCommand(version: string): Command {
  const command = new Command('astro-jobs-solve-field')
    .description('Solves images with Astro Jobs in the manner of astrometry.net solve-field.')
    .argument('[images...]', 'images or source lists (xyls)')
    .version(version, '--version')
    .helpOption('-h, --help', 'print this and end')
    .addHelpText(
      'beforeAll',
      `Revision ${version}, Astro Jobs, which answers as astrometry.net's solve-field.\n`,
    )
    .option('-v, --verbose', 'say more on stderr')
    .option('-D, --dir <dir>', 'where the outputs go')
    .option('-o, --out <base>', 'name of the outputs without extension')
    .option('-O, --overwrite', 'replace outputs that exist')
    .option('-K, --continue', 'go on where outputs exist')
    .option('-J, --skip-solved', 'leave out images whose .solved exists')
    .option('-f, --files-on-stdin', 'read file names on stdin, one a line')
    .option('-b, --backend-config <file>', 'configuration whose folders of index files are used', collect)
    .option('--config <file>', 'the same', collect)
    .option('--index-dir <dir>', 'folder with index files', collect)
    .option('-L, --scale-low <scale>', 'lower bound of the scale', parseReal)
    .option('-H, --scale-high <scale>', 'upper bound of the scale', parseReal)
    .option('-u, --scale-units <units>', Object.keys(UNITS).join(', '), parseUnit)
    .option('-8, --parity <pos|neg>', 'only this parity', parseParity)
    .option('-3, --ra <ra>', 'centre of the search, degrees or hh:mm:ss', (text) => parseAngle(text, 15))
    .option('-4, --dec <dec>', 'centre of the search, degrees or dd:mm:ss', (text) => parseAngle(text, 1))
    .option('-5, --radius <degrees>', 'radius of the search', parseReal)
    .option('-l, --cpulimit <seconds>', 'give up after so long', parseReal)
    .option('-z, --downsample <n>', 'shrink the image before stars are looked for', parseReal)
    .option('-6, --extension <n>', 'extension of a FITS file')
    .option('--invert', 'dark stars on a bright sky')
    .option('-T, --no-tweak', 'a plain tangent plane')
    .option('-t, --tweak-order <n>', 'highest order of the SIP distortion', parseReal)
    .option('--crpix-center', 'the reference point is the centre of the image')
    .option('-C, --cancel <file>', 'give up when this file appears')
    .option('-w, --width <pixels>', 'of the image that a source list comes from', parseReal)
    .option('-e, --height <pixels>', 'of the image that a source list comes from', parseReal)
    .option('--temp-axy', 'leave no .axy');
  for (const [flags, name] of OUTPUT_OPTIONS)
    command.option(flags, `name of the output ${name}; "none" for none`);
  for (const flags of WITHOUT_EFFECT) command.addOption(new Option(flags).hideHelp());
  return command;
}

/** What a parsed command line says. */
export function solveFieldArguments(command: Command): SolveFieldArguments {
  const options = command.opts<Options>();
  const outputs = Object.fromEntries(
    OUTPUT_OPTIONS.flatMap(([, name]) => {
      const given = options[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
      return typeof given === 'string' ? [[name, given]] : [];
    }),
  );
  const { dir, out, cancel } = options;
  return {
    images: command.args,
    filesOnStdin: options.filesOnStdin === true,
    params: paramsOf(options),
    configs: [...(options.backendConfig ?? []), ...(options.config ?? [])],
    indexDirs: options.indexDir ?? [],
    ...(dir !== undefined && { dir }),
    ...(out !== undefined && { base: out }),
    overwrite: options.overwrite === true,
    goOn: options.continue === true,
    skipSolved: options.skipSolved === true,
    outputs,
    tempAxy: options.tempAxy === true,
    aboutCentre: options.crpixCenter === true,
    ...(cancel !== undefined && { cancel }),
    verbose: options.verbose === true,
  };
}

function paramsOf(options: Options): SolveParamsInput {
  const { ra, dec, radius, scaleLow, scaleHigh, scaleUnits, parity, downsample, tweakOrder } = options;
  const isPlaced = ra !== undefined && dec !== undefined && radius !== undefined && radius < 180;
  const isBounded = scaleLow !== undefined || scaleHigh !== undefined;
  return {
    ...(isBounded && {
      scale_low: positive(scaleLow),
      scale_high: positive(scaleHigh),
      scale_units: scaleUnits,
    }),
    ...(parity !== undefined && { parity }),
    ...(isPlaced && { ra: ((ra % 360) + 360) % 360, dec, radius }),
    ...(options.cpulimit !== undefined && options.cpulimit > 0 && { timeout: options.cpulimit }),
    ...(downsample !== undefined && { downsample: Math.max(1, Math.round(downsample)) }),
    ...(options.extension !== undefined && { extension: options.extension }),
    ...(options.invert && { invert: true }),
    ...(!options.tweak ? { tweak_order: 0 } : tweakOrder !== undefined && { tweak_order: tweakOrder }),
    ...(options.width !== undefined && { image_width: options.width }),
    ...(options.height !== undefined && { image_height: options.height }),
  };
}

/** A bound; 0 stands for none. */
const positive = (bound: number | undefined): number | null => (bound && bound > 0 ? bound : null);
