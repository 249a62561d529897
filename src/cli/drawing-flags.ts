import { type Command, InvalidArgumentError, Option } from 'commander';
import { LAYERS, type Layer, STYLE_NAMES, type Style } from '../annotate/drawing-options.js';
import { PALETTE_NAMES, type PaletteName } from '../annotate/palette.js';

/** What the flags of a drawing say. */
export interface DrawingFlags {
  style: Style;
  layers?: Layer[];
  palette: PaletteName;
}

/** How a picture is drawn. */
export function addDrawingFlags(command: Command): Command {
  return command
    .addOption(new Option('--style <style>', 'how it is drawn').choices(STYLE_NAMES).default('overlay'))
    .addOption(
      new Option(
        '--layers <names>',
        `what is drawn instead, separated by commas: ${LAYERS.join(', ')}`,
      ).argParser(parseLayers),
    )
    .addOption(new Option('--palette <name>', 'colours').choices(PALETTE_NAMES).default('standard'));
}

function parseLayers(text: string): Layer[] {
  return text
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const layer = LAYERS.find((one) => one === name);
      if (layer) return layer;
      throw new InvalidArgumentError(`Expected some of ${LAYERS.join(', ')}.`);
    });
}
