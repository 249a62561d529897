import type { AnalysisOutcome } from '../../analysis/analysis.js';
import { exportFile } from '../../export/export.js';
import type { ExportKind } from '../../export/formats.js';
import { parseHeader } from '../../fits/header.js';
import { readTable } from '../../fits/table.js';
import { sourceListFits } from '../../fits/write-table.js';
import { DECODERS } from '../../image/decoders.js';
import { openImage } from '../../image/open.js';
import { readOutcomeFile } from '../../store/outcome-file.js';
import { encodeWcs } from '../../wcs/encode.js';
import { parseWcs } from '../../wcs/parse.js';
import { aboutCentre } from '../../wcs/tangent.js';
import { outcomeSource } from '../outcome-source.js';
import { writeOutput } from '../write-output.js';
import type { OutputName, SolveFieldArguments } from './arguments.js';
import type { Outputs } from './outputs.js';

/** Files of the solver that are outputs as they are. */
const AS_THEY_ARE: Partial<Record<OutputName, string>> = {
  axy: 'solution.axy',
  'keep-xylist': 'solution.axy',
  corr: 'solution.corr',
  match: 'solution.match',
};

/** Writes what is known of an image that was not solved: the stars that were found. */
export async function writeUnsolved({ files }: AnalysisOutcome, outputs: Outputs): Promise<void> {
  for (const name of ['axy', 'keep-xylist'] as const) await copied(files, name, outputs);
}

/** Writes the outputs of a solved image, `.solved` last. */
export async function writeSolved(
  image: string,
  outcome: AnalysisOutcome,
  outputs: Outputs,
  options: Pick<SolveFieldArguments, 'aboutCentre' | 'params'>,
): Promise<void> {
  const { files } = outcome;
  const solution = files['solution.wcs'];
  const asIs = solution === undefined ? undefined : await readOutcomeFile(solution);
  const wcs = asIs && options.aboutCentre ? aboutCentre(parseWcs(parseHeader(asIs))) : undefined;
  const written = wcs ? encodeWcs(wcs) : asIs;
  if (outputs.wcs !== undefined && written) await writeOutput(outputs.wcs, written);
  for (const name of ['axy', 'keep-xylist', 'corr', 'match'] as const) await copied(files, name, outputs);
  if (outputs['index-xyls'] !== undefined && files['solution.corr'] !== undefined) {
    const pairs = await readTable(files['solution.corr']);
    const stars = { x: pairs.column('INDEX_X'), y: pairs.column('INDEX_Y') };
    await writeOutput(outputs['index-xyls'], sourceListFits(stars));
  }
  const source = outcomeSource(image, outcome, options.params.extension);
  const exported = async (kind: ExportKind, path: string) =>
    writeOutput(path, (await exportFile(kind, source)).read());
  if (outputs.rdls !== undefined) await exported('rdls', outputs.rdls);
  if (outputs['new-fits'] !== undefined && (await hasPixels(image, source.extension)))
    await exported('new-fits', outputs['new-fits']);
  if (outputs.solved !== undefined) await writeOutput(outputs.solved, Uint8Array.of(1));
}

async function copied(
  files: AnalysisOutcome['files'],
  name: 'axy' | 'keep-xylist' | 'corr' | 'match',
  outputs: Outputs,
): Promise<void> {
  const [from, to] = [files[AS_THEY_ARE[name] ?? ''], outputs[name]];
  if (from !== undefined && to !== undefined) await writeOutput(to, await readOutcomeFile(from));
}

async function hasPixels(image: string, extension: string | undefined): Promise<boolean> {
  return DECODERS[(await openImage(image, { extension })).kind].hasPixels;
}
