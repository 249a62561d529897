import { type Command, Option } from 'commander';
import type { ParamName, SolveParamsInput } from '../../job/param-table.js';

/** The flag of a parameter. */
export class ParamOption extends Option {
  readonly param: ParamName;
  /** Whether a configuration file may stand in for it. */
  isConfigurable = true;

  constructor(flags: string, description: string, param: ParamName) {
    super(flags, description);
    this.param = param;
  }
}

/** Gives a command the parameters of the configuration file that were not said at the call. */
export function applyParams(command: Command, params: SolveParamsInput): void {
  for (const option of command.options) {
    if (!(option instanceof ParamOption && option.isConfigurable)) continue;
    const value = params[option.param];
    const name = option.attributeName();
    if (value !== undefined && command.getOptionValueSource(name) !== 'cli')
      command.setOptionValueWithSource(name, value, 'config');
  }
}
