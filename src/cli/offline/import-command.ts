import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { AccountFileOptions } from './account-file.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { expandHome } from '../../storage/files/expand-home.ts'
import { homeDirectory } from '../../storage/files/home-directory.ts'
import { addCommonOptions, examples } from '../common-options.ts'

interface ImportOptions extends AccountFileOptions {
  from?: string
  force?: boolean
  json?: boolean
}

/** Where others keep the link of their first account, below the home directory; bots, below the working directory. */
const USUAL_PLACES = [
  '.openclaw/credentials/whatsapp/default',
  '.clawdbot/credentials/whatsapp/default',
  '.milady/credentials/whatsapp/default',
]
const USUAL_NAMES = ['auth_info_baileys', 'baileys_auth_info', 'auth']

/** `whatsappd import`: takes over the link of another program that uses Baileys. */
export function addImportCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('import')
    .summary('take over the link of OpenClaw, Milady or another Baileys bot, without a scan')
    .description(
      "Takes over the link that another program keeps in a directory of Baileys' multi-file store (creds.json, " +
        'session-*.json and so on): the account is linked without a scan, and messages are read from the first one on. The ' +
        'directory is only read. Stop the other program before, for good: only one of the two can be connected.',
    )
    .option('--from <dir>', "the other program's directory (default: the directory of the account itself)")
    .option('--account <id>', 'which account (default: the default account)')
    .option('--config <file>', 'the config file, where accounts have directories of their own')
    .option(
      '--force',
      'also while the other program may be running (then messages become unreadable for both), and without files that are damaged',
    )
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd import --from ~/.openclaw/credentials/whatsapp/default', 'from OpenClaw'],
        ['whatsappd import --account shop --from ./auth_info_baileys', 'from a bot, for another account'],
      ),
    )
    .action((options: ImportOptions) => importLink(context, options))
}

async function importLink(context: CommandContext, options: ImportOptions): Promise<void> {
  const { findAccountFile } = await import('./account-file.ts')
  const { account, directory } = await findAccountFile(context, options)
  const source = options.from === undefined ? directory : resolve(expandHome(options.from, context.env))
  const [{ linkImporter }, { importAccount }] = await Promise.all([
    import('../../daemon.ts'),
    import('../../accounts/life/import-account.ts'),
  ])
  if (options.from === undefined && !linkImporter.holdsLink(source)) {
    const found = usualPlaces(context).filter((place) => linkImporter.holdsLink(place))
    const where = found.length === 0 ? '' : `, for example: whatsappd import --from ${found.join(', or ')}`
    throw new CommandFailure(
      `${account}: its directory ${source} holds no link of another program; name that program's directory with --from${where}`,
    )
  }
  const input = { source, directory, importer: linkImporter, force: options.force === true }
  const { phoneNumber, sessions, leftOut } = await importAccount(input).catch((error: unknown) => {
    throw usable(account, error)
  })
  if (options.json === true) {
    context.print(JSON.stringify({ account, phoneNumber, sessions, leftOut, source }, null, 2))
    return
  }
  const devices = sessions === 1 ? '1 device' : `${sessions} devices`
  context.print(
    [
      `${account}: took over the link of ${phoneNumber}, with the keys of ${devices}, from ${source}.`,
      ...(leftOut.length === 0 ? [] : [`Left out, damaged or missing: ${leftOut.join(', ')}.`]),
      'Start the daemon to connect; one that runs, and waited for this, connects by itself.',
      ...(realpathSync(source) === realpathSync(directory)
        ? []
        : ['That directory was not changed. Remove it once the account is connected.']),
    ].join('\n'),
  )
}

function usualPlaces({ env }: CommandContext): string[] {
  const home = homeDirectory(env)
  return [
    ...(home === null ? [] : USUAL_PLACES.map((place) => join(home, place))),
    ...USUAL_NAMES.map((name) => resolve(name)),
  ].filter((place) => existsSync(place))
}

/** What keeps it from being done, in words for who stands at the command line. */
function usable(account: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error.name === 'LockHeldError') {
    return new CommandFailure(`${account} is in use (${error.message}); stop the daemon first`, {
      cause: error,
    })
  }
  if ('code' in error && error.code === 'already_linked') {
    return new CommandFailure(
      `${account} is linked already, and nothing was changed; end that link first ("whatsappd logout"), or name another account with --account`,
      { cause: error },
    )
  }
  return error
}
