import { type Command, InvalidArgumentError } from 'commander';
import { action } from '../action.js';
import type { Range } from '../indexes/field.js';
import type { Installed } from '../indexes/install.js';
import { JSON_OPTION, parseCount, parseNumber, settingOption } from '../options.js';
import { tellBoth } from '../print.js';

interface CommonOptions {
  jobId?: string;
  indexDir?: string[];
  json?: boolean;
}

interface RecommendOptions extends CommonOptions {
  image?: string;
  scale?: Range;
  width?: number;
  fov?: Range;
}

interface InstallOptions extends CommonOptions {
  series: string;
  from?: string;
  to?: string;
  sha256?: string;
  pieces?: number[];
}

/** `1.2-1.4`, or `1.3` for exactly that. */
function parseRange(text: string): Range {
  const [low = '', high = low, ...more] = text.split('-');
  const range = { low: parseNumber(low), high: parseNumber(high) };
  if (more.length > 0 || !(range.low > 0) || range.high < range.low)
    throw new InvalidArgumentError('Expected a positive number, or two of them such as 1.2-1.4.');
  return range;
}

function parseFov(text: string): Range {
  const range = parseRange(text);
  if (range.high > 180) throw new InvalidArgumentError('Expected at most 180 degrees.');
  return range;
}

function parseWidth(text: string): number {
  const width = parseCount(text);
  if (width < 1) throw new InvalidArgumentError('Expected 1 or more.');
  return width;
}

const parsePieces = (text: string): number[] => [...new Set(text.split(',').map(parseCount))];

export function addIndexes(program: Command): void {
  const indexes = program
    .command('indexes')
    .summary('list, recommend and install stars to solve with')
    .description(
      'Stars to solve with: those of the package, for fields from about 0.7° up, and index files of astrometry.net.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs indexes list
  $ astro-jobs indexes recommend M42.jpg
  $ astro-jobs indexes install tycho2-07`,
    );
  addListIndexes(indexes);
  addRecommend(indexes);
  addInstall(indexes);
}

function addListIndexes(indexes: Command): void {
  indexes
    .command('list')
    .summary('what is here, and which fields of view it covers')
    .description(
      'Lists the stars of the package and the index files of astrometry.net (of its configuration and of ASTRO_INDEX_DIRS) with ' +
        'the sizes of their quads, the widths of image they cover and what they hold of the sky. Damaged files are named.',
    )
    .addOption(settingOption('indexDirs'))
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs indexes list
  $ astro-jobs indexes list --json | jq '.covered'`,
    )
    .action(
      action<CommonOptions>(async (_, { indexDir, json }) => {
        const { takeInventory } = await import('../indexes/inventory.js');
        const { inventoryWords } = await import('../indexes/words.js');
        const inventory = await takeInventory(indexDir);
        tellBoth({ ok: true, ...inventory }, inventoryWords(inventory), { json });
        return undefined;
      }),
    );
}

function addRecommend(indexes: Command): void {
  const run = action<RecommendOptions>(async (_, options) => {
    const { recommend } = await import('../indexes/recommend.js');
    const { document, words } = await recommend(options, options.indexDir);
    tellBoth({ ok: true, ...document }, words, options);
    return undefined;
  });
  indexes
    .command('recommend')
    .summary('what an image or a field of view needs, and how to get it')
    .description(
      'Estimates the width of a field from the metadata of its image (nothing is solved) or from what is said of it, and tells ' +
        'which series of index files are for it, which of them are here, and how to install what is missing.',
    )
    .argument('[image]', 'the photograph; not needed with --fov, or --scale and --width')
    .option('--scale <range>', 'arcseconds per pixel, such as 1.3 or 1.2-1.4', parseRange)
    .option('--width <px>', 'width of the image, where there is none', parseWidth)
    .option('--fov <range>', 'degrees of image width, such as 2 or 1.5-2.5', parseFov)
    .addOption(settingOption('indexDirs'))
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs indexes recommend M42.jpg
  $ astro-jobs indexes recommend --fov 0.4
  $ astro-jobs indexes recommend --scale 0.9-1.1 --width 4656
  $ astro-jobs indexes recommend M42.jpg --json | jq -r '.install[].command'`,
    )
    .action((image: string | undefined, options: RecommendOptions, command: Command) =>
      run({ ...options, ...(image !== undefined && { image }) }, command),
    );
}

function addInstall(indexes: Command): void {
  const run = action<InstallOptions>(async ({ signal }, options) => {
    const { downloadDisplay } = await import('../indexes/download-display.js');
    const { install } = await import('../indexes/install.js');
    const installed = await install(options, downloadDisplay(), signal);
    tellBoth({ ok: true, ...installed }, await installedWords(installed), options);
    return undefined;
  });
  indexes
    .command('install')
    .summary('install a series of index files')
    .description(
      'Installs a series by apt (Debian, Ubuntu; as root), or copies its files from a URL or folder: each is checked before it gets ' +
        'its name, by --sha256 or by SHA256SUMS or FILE.sha256 beside it where there is one. Files that are there already stay.',
    )
    .argument('<series>', 'such as tycho2-07, 4107, index-5203, or the name of files of your own')
    .option('--from <url|folder>', 'where its files are: a URL, a folder, or one file itself')
    .option('--to <dir>', 'where to put them (default: the first index folder that can be written to)')
    .option('--sha256 <hex>', 'what the SHA-256 of the one file must be')
    .option('--pieces <numbers>', 'only these pieces of the sky, such as 3,7,12', parsePieces)
    .addOption(settingOption('indexDirs'))
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs indexes install tycho2-07                                     # by apt, as root
  $ astro-jobs indexes install 4107 --from http://data.astrometry.net/4100/
  $ astro-jobs indexes install index-5203 --from /media/usb/indexes --to ~/indexes`,
    )
    .action((series: string, options: InstallOptions, command: Command) =>
      run({ ...options, series }, command),
    );
}

async function installedWords(installed: Installed): Promise<string> {
  const { installedCopyWords } = await import('../indexes/words.js');
  return installed.by === 'apt-get' ? `${installed.package} is installed.` : installedCopyWords(installed);
}
