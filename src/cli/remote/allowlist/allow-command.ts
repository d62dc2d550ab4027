import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure, USAGE_EXIT_CODE } from '../../command-failure.ts'
import { addCommonOptions, examples } from '../../common-options.ts'
import { type ConfigOptions, withConfig } from './with-config.ts'

interface AllowOptions extends ConfigOptions {
  account?: string
  name?: string
  json?: boolean
}

const WHO =
  'phone numbers with the country code, in any notation; lid:<digits> or bsuid:<id> for somebody whose number WhatsApp hides'

/** `whatsappd allow`, `disallow` and `allowed`: who may write to the assistant. */
export function addAllowCommands(program: Command, context: CommandContext): void {
  common(program.command('allow'))
    .summary('allow people to write to the assistant')
    .description(
      'Puts people into allowFrom of the config file, through the daemon where it runs. It holds at once. Somebody whose number belongs to ' +
        'another WhatsApp account by now is allowed again by this.',
    )
    .argument('<who...>', WHO)
    .option('--name <name>', 'what agents and events call them; for one person')
    .addHelpText(
      'after',
      examples(
        ['whatsappd allow +1 555 000 1111', 'a person'],
        ['whatsappd allow +15550001111 --name Alice', 'with a name'],
        ['whatsappd allow +15550001111 +442079460000 --account shop', 'two people, of one account'],
      ),
    )
    .action((who: string[], options: AllowOptions) => change(context, 'allow', who, options))
  common(program.command('disallow'))
    .summary('remove people from those who may write')
    .description(
      'Takes people out of allowFrom of the config file, through the daemon where it runs: they are not answered any more, also what they ' +
        'wrote already. A name that the config has for them stays.',
    )
    .argument('<who...>', WHO)
    .addHelpText('after', examples(['whatsappd disallow +1 555 000 1111', 'a person']))
    .action((who: string[], options: AllowOptions) => change(context, 'disallow', who, options))
  common(program.command('allowed'))
    .summary('list who may write')
    .description(
      'Lists allowFrom as it is in force, with names. Without a running daemon the config file is read.',
    )
    .addHelpText(
      'after',
      examples(
        ['whatsappd allowed', 'of the default account'],
        ["whatsappd allowed --json | jq -r '.people[].entry'", 'for scripts'],
      ),
    )
    .action((options: AllowOptions) =>
      withConfig(context, options, false, async (client) => {
        const [{ readAllowlist }, { allowedText }] = await Promise.all([
          import('./allowlist.ts'),
          import('./allowlist-text.ts'),
        ])
        const list = await readAllowlist(client, options.account)
        context.print(options.json === true ? JSON.stringify(list, null, 2) : allowedText(list))
      }),
    )
}

function common(command: Command): Command {
  return addCommonOptions(command)
    .option('--account <id>', 'which account (default: the default account)')
    .option('--config <file>', 'the config file, where no daemon runs (default: as "run" finds it)')
    .option('--json', 'print one JSON object')
}

async function change(
  context: CommandContext,
  verb: 'allow' | 'disallow',
  who: string[],
  options: AllowOptions,
): Promise<void> {
  const [{ readPeople }, { allowPeople, readAllowlist }, { changedText }] = await Promise.all([
    import('./read-people.ts'),
    import('./allowlist.ts'),
    import('./allowlist-text.ts'),
  ])
  const people = readPeople(who)
  if (options.name !== undefined && people.length !== 1)
    throw new CommandFailure('--name is for one person', { exitCode: USAGE_EXIT_CODE })
  await withConfig(context, options, true, async (client) => {
    const before = await readAllowlist(client, options.account)
    const { account } = before
    if (verb === 'allow') await allowPeople(client, { account, people, name: options.name })
    else await client.request('config.removeAllowFrom', { account, allowFrom: people })
    const list = await readAllowlist(client, account)
    const had = new Set(before.people.map(({ entry }) => entry))
    const changed = people.filter((person) => had.has(person) === (verb === 'disallow'))
    const done = { verb, changed, unchanged: people.filter((person) => !changed.includes(person)), list }
    context.print(
      options.json === true
        ? JSON.stringify(
            {
              account,
              changed,
              unchanged: done.unchanged,
              total: list.people.length,
              configPath: list.configPath,
            },
            null,
            2,
          )
        : changedText(done),
    )
  })
}
