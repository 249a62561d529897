import { type Command, InvalidArgumentError } from 'commander';
import { AstroJobsError } from '../../job/errors.js';
import { nowSeconds } from '../../job/status.js';
import { factsOf, KEY_ID, SCOPE_TABLE, SCOPES, type Scope } from '../../keys/key.js';
import type { KeyStore } from '../../keys/key-store.js';
import { action } from '../action.js';
import { keysTable } from '../keys-table.js';
import { JSON_OPTION, parseAge, settingOption } from '../options.js';
import { answer, printDocument, say } from '../print.js';

interface AddOptions {
  jobId?: string;
  name?: string;
  scopes: Scope[];
  expires?: number;
}

function parseScopes(text: string): Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim());
  const known: readonly string[] = SCOPES;
  if (scopes.every((scope) => known.includes(scope))) return scopes as Scope[];
  throw new InvalidArgumentError(`Expected one or more of ${SCOPES.join(', ')}, with commas between.`);
}

/** An id; a whole key, such as one that was found where it should not be, names its own. */
function parseKeyId(text: string): string {
  const [id = ''] = /^ajk_[0-9a-f]+/.exec(text) ?? [];
  if (KEY_ID.test(id)) return id;
  throw new InvalidArgumentError(
    'Expected the id of a key, as `keys list` shows it: ajk_ and 16 hex digits.',
  );
}

/** An action on the keys beside the jobs; neither a queue nor a server is needed. */
function keysAction<Options extends { jobId?: string }>(
  run: (keys: KeyStore, options: Options) => Promise<void>,
) {
  return action<Options>(async ({ where, answered }, options) => {
    const { openStore } = await import('../open.js');
    const store = await openStore(where);
    try {
      if (!store.keys) throw new AstroJobsError('invalid_params', 'This store has no place for keys');
      await run(store.keys, options);
      return undefined;
    } finally {
      answered();
      await store.close();
    }
  });
}

const SCOPE_HELP = `
Scopes:
${SCOPES.map((scope) => `  ${scope.padEnd(9)} ${SCOPE_TABLE[scope]}`).join('\n')}
`;

export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .summary('add, list and revoke the keys of callers')
    .description(
      'Keys of those who may call `astro-jobs serve`: each has scopes, and may expire. They are kept beside the jobs, without their ' +
        'secrets; servers that are running know of a change within two seconds.',
    )
    .addHelpText(
      'after',
      `${SCOPE_HELP}
Examples:
  $ astro-jobs keys add --name observatory --expires 365d
  $ astro-jobs keys add --name me --scopes admin        # the first one: nothing else is needed
  $ astro-jobs keys revoke ajk_4e1f0a9c0d5b4c7f`,
    );
  keys
    .command('add')
    .summary('make a key and show it, this once')
    .description(
      'Makes a key and prints {"ok": true, "key": "ajk_…", "id": …}. The key is shown this once and kept nowhere.',
    )
    .option('--name <text>', 'whose it is, or what for')
    .option('--scopes <scopes>', 'what it may do', parseScopes, ['submit', 'read:own'] satisfies Scope[])
    .option(
      '--expires <duration>',
      'when it ends, such as 30d or 12h; the unit is required (default: never)',
      parseAge,
    )
    .addOption(settingOption('jobsDir'))
    .addHelpText(
      'after',
      `${SCOPE_HELP}\nExample:\n  $ astro-jobs keys add --name observatory --scopes submit,read:own --expires 365d | jq -r .key`,
    )
    .action(
      keysAction<AddOptions>(async (store, { name, scopes, expires }) => {
        const { issueKey } = await import('../../keys/issue.js');
        const issued = await issueKey(store, { name, scopes, expiresSeconds: expires });
        printDocument({ ok: true, ...issued });
        say('Keep the key now: it is shown this once.');
      }),
    );
  keys
    .command('list')
    .summary('list the keys, oldest first')
    .description(
      'Lists the keys: as a table on a terminal, and where the output goes to a program as {"ok": true, "keys": [{"id": …, "name": …, ' +
        '"scopes": […], "state": "valid | expired | revoked", …}]}.',
    )
    .option(...JSON_OPTION)
    .addOption(settingOption('jobsDir'))
    .addHelpText(
      'after',
      "\nExample:\n  $ astro-jobs keys list | jq -r '.keys[] | [.id, .state, .name] | @tsv'",
    )
    .action(
      keysAction<{ jobId?: string; json?: boolean }>(async (store, options) => {
        const now = nowSeconds();
        const facts = (await store.list()).map((key) => factsOf(key, now));
        answer({ ok: true, keys: facts }, keysTable(facts), options);
      }),
    );
  const revoke = (id: string) =>
    keysAction(async (store) => {
      const revoked = await store.revoke(id, nowSeconds());
      if (!revoked) throw new AstroJobsError('not_found', 'There is no such key');
      printDocument({ ok: true, ...factsOf(revoked, nowSeconds()) });
    });
  keys
    .command('revoke')
    .summary('let a key in no longer')
    .description(
      'Revokes a key, and with it its sessions, within two seconds on every server. Its jobs stay.',
    )
    .argument('<id>', 'the id of the key, or the key itself', parseKeyId)
    .addOption(settingOption('jobsDir'))
    .addHelpText('after', '\nExample:\n  $ astro-jobs keys revoke ajk_4e1f0a9c0d5b4c7f')
    .action((id: string, options: { jobId?: string }, command: Command) => revoke(id)(options, command));
}
