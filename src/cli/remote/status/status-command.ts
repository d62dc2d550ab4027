import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { withDaemon } from '../connection/with-daemon.ts'

interface StatusOptions extends CommonOptions {
  json?: boolean
  watch?: boolean
}

/** `whatsappd status`: what the running daemon says of itself and its accounts. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('status')
    .summary('show every account and the config of the running daemon')
    .option('--watch', 'go on, and show every change until Ctrl-C; in a file or pipe one line each')
    .option('--json', 'print one JSON object; its daemon is null when none answers')
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nExit code 0 when a daemon answers, 1 when none does. With --watch 0 after\nCtrl-C: a daemon that stops is waited for.\n${examples(
        ['whatsappd status', 'for people'],
        ['whatsappd status --watch', 'stay, and see what changes'],
        ["whatsappd status --json | jq -r '.accounts[].state'", 'for scripts'],
      )}`,
    )
    .action(async (options: StatusOptions) => {
      if (options.watch !== true) return printStatus(context, options)
      const { watchStatus } = await import('./watch-status.ts')
      await watchStatus(context, options)
    })
}

async function printStatus(context: CommandContext, options: StatusOptions): Promise<void> {
  const isJson = options.json === true
  let answers = false
  try {
    await withDaemon(context, options, async (connection) => {
      answers = true
      const [{ readStatus }, { statusText }] = await Promise.all([
        import('./read-status.ts'),
        import('./status-text.ts'),
      ])
      const status = await readStatus(connection)
      context.print(isJson ? JSON.stringify(status, null, 2) : statusText(status))
    })
  } catch (error) {
    if (isJson && !answers) context.print(JSON.stringify({ daemon: null }))
    throw error
  }
}
