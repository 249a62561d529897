import type { Command } from 'commander';
import { SETTING_NAMES, settingOf } from '../../settings.js';
import { action } from '../action.js';
import type { Configuration } from '../configuration/configuration.js';
import type { ConfigurationReport, Held } from '../configuration/report.js';
import { GAP, labelled } from '../layout.js';
import { JSON_OPTION, settingOption } from '../options.js';
import { answer } from '../print.js';
import { printable } from '../printable.js';
import { type Style, styled } from '../style.js';
import { addParams } from './submission.js';

const LOOKS: Readonly<Record<Held['from'], Style>> = {
  flag: 'magenta',
  environment: 'blue',
  file: 'green',
  default: 'dim',
};

/** What said it, as it is typed. */
const sayer = ({ from, said_by }: Held) =>
  from === 'file' || said_by === undefined ? from : `${from === 'environment' ? '$' : ''}${said_by}`;

const valueWords = (value: unknown) =>
  value === null ? '–' : printable(typeof value === 'string' ? value : JSON.stringify(value));

function reportInWords({ file, settings, params }: ConfigurationReport): string {
  const held = [...Object.entries(settings), ...Object.entries(params)];
  const nameWidth = Math.max(...held.map(([name]) => name.length)) + GAP;
  const sayerWidth = Math.max(...held.map(([, one]) => sayer(one).length)) + GAP;
  const line = ([name, one]: [string, Held]) => {
    const label = name.padEnd(nameWidth) + styled(LOOKS[one.from], sayer(one).padEnd(sayerWidth));
    return labelled(label, valueWords(one.value), nameWidth + sayerWidth);
  };
  return [
    ...Object.entries(settings).map(line),
    '',
    'Parameters of the jobs that are submitted:',
    ...Object.entries(params).map(line),
    '',
    file === null ? 'No configuration file is here or above.' : `Configuration file: ${printable(file)}`,
  ].join('\n');
}

/** @param configuration what was loaded for this call */
export function addConfig(program: Command, configuration: () => Configuration): void {
  const command = program
    .command('config')
    .summary('what holds, and what says so')
    .description(
      'Shows every setting, and every parameter that submitted jobs get, with what says it: a flag, the environment, a configuration file or ' +
        'the default; the first that says something counts. The file is the nearest astro-jobs.config.json, here or in a folder above, or ' +
        'the key "astro-jobs" of a package.json.',
    );
  for (const name of SETTING_NAMES) {
    const { flag } = settingOf(name);
    // The folder of the jobs is a flag of every command.
    if (flag !== undefined && name !== 'jobsDir') command.addOption(settingOption(name as 'concurrency'));
  }
  addParams(addParams(command, 'field'), 'solve')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
A file:
  {"jobsDir": "/data/jobs", "concurrency": 2, "params": {"timeout": 120, "scale_low": 1}}

Examples:
  $ astro-jobs config
  $ astro-jobs config --timeout 5m | jq '.params.timeout'
  $ astro-jobs config --config other.json`,
    )
    .action(
      action<{ jobId?: string; json?: boolean }>(async ({ command: self }, options) => {
        const { reportOf } = await import('../configuration/report.js');
        const report = reportOf(self, configuration());
        answer({ ok: true, ...report }, reportInWords(report), options);
        return undefined;
      }),
    );
}
