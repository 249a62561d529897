import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AstroJobsError } from '../../job/errors.js';
import { action } from '../action.js';
import { printDocument, say } from '../print.js';
import { addParams, paramsOf } from './submission.js';

interface CalibrateOptions {
  jobId?: string;
  images: readonly string[];
  output?: string;
  plot?: string;
}

/** Photographs of a calibration point anywhere, are no lists of stars, and leave no picture. */
const WITHOUT = { without: ['ra', 'dec', 'radius', 'image_width', 'image_height', 'annotate'] } as const;

export function addCalibrate(program: Command): void {
  const run = action<CalibrateOptions>(async ({ signal }, options) => {
    const { calibrate, residualPlot } = await import('../../index.js');
    const { residuals, ...report } = await calibrate(options.images, paramsOf({ ...options }), {
      signal,
      onProgress({ step, number, of, image, why }) {
        const with_ = step === 'together' ? ', with the lens of all' : '';
        say(`${number}/${of}${with_}: ${image}${why === undefined ? '' : `: not used: ${why}`}`);
      },
    });
    const files: Record<string, string> = {};
    if (options.output !== undefined) {
      files.file = await write(options.output, `${JSON.stringify(report.calibration, null, 2)}\n`);
    }
    if (options.plot !== undefined)
      files.plot = await write(options.plot, residualPlot({ ...report, residuals }));
    printDocument({ ok: true, ...files, ...report });
    return undefined;
  });
  const command = program
    .command('calibrate')
    .summary('one lens out of several photographs')
    .description(
      'Solves photographs that were taken with one camera and lens, wherever they point, and fits one distortion to the stars of ' +
        'all of them: truer to the corners than any of them alone. Prints what came out as JSON, exit status 0; 1 when no photograph is of use.',
    )
    .argument('<images...>', 'photographs of one camera, lens, focal length and picture size')
    .option('-o, --output <file>', 'where to write the calibration, for --calibration of other commands')
    .option('--plot <file>', 'where to draw the residuals, as SVG')
    .optionsGroup('What you know about the fields (a bound, never relaxed):');
  addParams(command, 'field', WITHOUT).optionsGroup('How to solve:');
  addParams(command, 'solve', WITHOUT)
    .optionsGroup('Options:')
    .addHelpText(
      'after',
      `
Examples:
  $ astro-jobs calibrate night/*.jpg -o lens.json --plot residuals.svg
  $ astro-jobs solve --image next.jpg --calibration lens.json
  $ astro-jobs calibrate night/*.jpg | jq '.thirds[2].rms_px'   # how good it is in the corners`,
    )
    .action((images: string[], options: Omit<CalibrateOptions, 'images'>, self: Command) =>
      run({ ...options, images }, self),
    );
}

async function write(file: string, content: string): Promise<string> {
  const path = resolve(file);
  await writeFile(path, content).catch((cause: Error) => {
    throw new AstroJobsError('storage_failed', `${path} cannot be written: ${cause.message}`, { cause });
  });
  return path;
}
