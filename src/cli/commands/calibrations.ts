import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AstroJobsError } from '../../job/errors.js';
import type { Cameras, RememberedCamera } from '../../optics/cameras.js';
import { jobsAction } from '../action.js';
import { printDocument } from '../print.js';
import { needMemory } from './forget.js';

/** An entry without the numbers of its polynomials. */
function summary({ key, optics, arcsec_per_pixel, position, calibration }: RememberedCamera) {
  return {
    key,
    optics,
    arcsec_per_pixel,
    ...(position && { position }),
    ...(calibration && {
      lens: {
        projection: calibration.projection,
        width: calibration.width,
        height: calibration.height,
        ...calibration.fit,
      },
    }),
  };
}

interface Options {
  jobId?: string;
  output?: string;
}

/** An action on what is remembered beside the jobs. */
function cameraAction(run: (cameras: Cameras, options: Options) => Promise<object>) {
  return jobsAction<Options>(async ({ jobs }, options) => {
    needMemory(jobs);
    printDocument({ ok: true, ...(await run(jobs.cameras, options)) });
    return undefined;
  });
}

export function addCalibrations(program: Command): void {
  const group = program
    .command('calibrations')
    .summary('list, export, import and forget the lenses of cameras')
    .description(
      'What the solved images have taught of each camera and its optics: the last scale, and the lens where a solution was true to the ' +
        'corners. A camera is named by its key, or the first digits of it.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs calibrations list | jq -r '.cameras[] | [.key[:8], .optics] | @tsv'
  $ astro-jobs calibrations export 3f2a91c0 -o lens.json
  $ astro-jobs calibrations import 3f2a91c0 lens.json   # such as \`calibrate\` writes
  $ astro-jobs calibrations forget 3f2a91c0`,
    );
  group
    .command('list')
    .summary('list what is remembered')
    .description(
      'Prints {"ok": true, "cameras": [{"key": …, "optics": …, "arcsec_per_pixel": …, "lens": …}]}, by the names of the cameras.',
    )
    .addHelpText('after', '\nExample:\n  $ astro-jobs calibrations list | jq -r ".cameras[].optics"')
    .action(cameraAction(async (cameras) => ({ cameras: (await cameras.list()).map(summary) })));
  group
    .command('export')
    .summary('print the lens of a camera')
    .description(
      'Prints the calibration of a camera, or writes it to a file; for --calibration of other commands, and `import`.',
    )
    .addHelpText('after', '\nExample:\n  $ astro-jobs calibrations export 3f2a91c0 -o lens.json')
    .argument('<key>', 'of the camera, or its first digits')
    .option('-o, --output <file>', 'where to write it')
    .action((key: string, options: Options, command: Command) =>
      cameraAction(async (cameras, { output }) => {
        const { calibration, optics } = await cameras.get(key);
        if (!calibration)
          throw new AstroJobsError('not_found', `No lens is known of ${optics}: its scale only`);
        if (output === undefined) return { calibration };
        const file = resolve(output);
        await writeFile(file, `${JSON.stringify(calibration, null, 2)}\n`).catch((cause: Error) => {
          throw new AstroJobsError('storage_failed', `${file} cannot be written: ${cause.message}`, {
            cause,
          });
        });
        return { file };
      })(options, command),
    );
  group
    .command('import')
    .summary('give a camera a lens')
    .description(
      'Replaces the lens and the scale of a camera by those of a calibration; prints what is remembered of it then.',
    )
    .addHelpText('after', '\nExample:\n  $ astro-jobs calibrations import 3f2a91c0 lens.json')
    .argument('<key>', 'of the camera, or its first digits')
    .argument('<file>', 'a calibration, as `export` and `astro-jobs calibrate` write it')
    .action((key: string, file: string, options: Options, command: Command) =>
      cameraAction(async (cameras) => {
        const text = await readFile(resolve(file), 'utf8').catch((cause: Error) => {
          throw new AstroJobsError('invalid_params', `${file} cannot be read: ${cause.message}`, { cause });
        });
        return summary(await cameras.teach(key, parsed(text, file)));
      })(options, command),
    );
  group
    .command('forget')
    .summary('forget one camera')
    .description(
      'Forgets what is remembered of one camera; prints {"ok": true, "forgotten": 1}. All are forgotten by `astro-jobs forget`.',
    )
    .addHelpText('after', '\nExample:\n  $ astro-jobs calibrations forget 3f2a91c0')
    .argument('<key>', 'of the camera, or its first digits')
    .action((key: string, options: Options, command: Command) =>
      cameraAction(async (cameras) => ({ forgotten: await cameras.forget(key) }))(options, command),
    );
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AstroJobsError('invalid_params', `${file} is no JSON`);
  }
}
