import type { Command } from 'commander'
import type { WhatsappdClient } from '../../../client/client.ts'
import { accountLine } from './account-line.ts'
import { removeAccount } from './remove-account.ts'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { addSubcommand } from '../../subcommand.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface AccountsOptions extends CommonOptions {
  name?: string
  json?: boolean
  yes?: boolean
}

/** `whatsappd accounts`: further accounts of the running daemon. */
export function addAccountsCommand(program: Command, context: CommandContext): void {
  const accounts = program
    .command('accounts')
    .summary('the accounts: list, add, remove, take over')
    .addHelpText(
      'after',
      examples(
        [
          'whatsappd accounts add shop --name "The shop"',
          'add an account; it takes its settings from the root',
        ],
        ['whatsappd link --account shop', 'link a phone with it'],
        ['whatsappd accounts remove shop', 'remove it when it is not linked, with its directory'],
        ['whatsappd accounts take-over shop', 'fetch its link back from another process'],
      ),
    )

  addListAndAdd(accounts, context)
  addRemoveAndTakeOver(accounts, context)
}

function addListAndAdd(accounts: Command, context: CommandContext): void {
  subcommand(accounts, 'list')
    .summary('every account, in one line each')
    .action((options: AccountsOptions) =>
      answer(
        context,
        options,
        (client) => client.request('accounts.list', {}),
        (list) => list.accounts.map(accountLine).join('\n'),
      ),
    )
  subcommand(accounts, 'add <id>')
    .summary('add an account and write it into the config file')
    .option('--name <name>', 'a name for people to see')
    .action((id: string, options: AccountsOptions) =>
      answer(
        context,
        options,
        (client) =>
          client.request('accounts.create', {
            id,
            ...(options.name === undefined ? {} : { name: options.name }),
          }),
        ({ account, created }) => `${created ? 'Added' : 'It is there already'}: ${accountLine(account)}`,
      ),
    )
}

function addRemoveAndTakeOver(accounts: Command, context: CommandContext): void {
  subcommand(accounts, 'remove <id>')
    .summary('remove an account that is not linked, with its directory and the history in it')
    .option('--yes', 'do not ask where its files cannot be read, so that a link may be lost')
    .action((id: string, options: AccountsOptions) =>
      answer(
        context,
        options,
        (client) => removeAccount(context, client, id, options.yes === true),
        ({ account }) => `${account}: removed from the config file, and its directory erased.`,
      ),
    )
  subcommand(accounts, 'take-over <id>')
    .summary('leave the conflict: this daemon connects, the other process loses the link')
    .action((id: string, options: AccountsOptions) =>
      answer(
        context,
        options,
        (client) => client.request('accounts.takeOver', { account: id }),
        ({ account }) => accountLine(account),
      ),
    )
}

function subcommand(accounts: Command, usage: string): Command {
  return addCommonOptions(addSubcommand(accounts, usage, 'list')).option('--json', 'print one JSON object')
}

async function answer<Result>(
  context: CommandContext,
  options: AccountsOptions,
  request: (client: WhatsappdClient) => Promise<Result>,
  text: (result: Result) => string,
): Promise<void> {
  const result = await withDaemon(context, options, ({ client }) => request(client))
  context.print(options.json === true ? JSON.stringify(result, null, 2) : text(result))
}
