import { type Command, InvalidArgumentError } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'

const MOST_EVENTS = 10_000

export interface LogsOptions extends CommonOptions {
  message?: string
  follow?: boolean
  account?: string
  config?: string
  limit: number
  json?: boolean
}

/** `whatsappd logs`: what happened, and the way of one message; nothing of what was said, and no number. */
export function addLogsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('logs')
    .summary("what happened, or one message's way through the daemon")
    .description(
      'Prints the events that the daemon has kept, the newest last; with --message where a message is and what was decided about it. ' +
        'It holds no text and no phone number. The files are read, whether a daemon runs or not; --follow needs one that runs. ' +
        'What the daemon writes to its own output is elsewhere: of a service, journalctl shows it.',
    )
    .option('--message <id>', 'the way of this message: an id of an event, of the outbox, or of WhatsApp')
    .option('--follow', 'go on as things happen, until Ctrl-C')
    .option('--account <id>', 'only this account (default: all of them)')
    .option('--limit <number>', 'how many events at the beginning', wholeNumber, 50)
    .option(
      '--config <file>',
      'the config file, where no daemon runs and accounts have directories of their own',
    )
    .option('--json', 'print one JSON object a line')
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nExit code 1 where nothing is known of the message. docs/debugging.md says what\neach state means.\n${examples(
        ['whatsappd logs', 'the last 50 events'],
        ['whatsappd logs --message 3EB011CA09E30B1E54434B', 'why was it not answered?'],
        ['whatsappd logs --message 3EB011CA09E30B1E54434B --follow', 'and what follows'],
      )}`,
    )
    .action(async (options: LogsOptions) => {
      if (options.message === undefined) {
        const { printEvents } = await import('./print-events.ts')
        await printEvents(context, options)
        return
      }
      const { printTrace } = await import('./print-trace.ts')
      await printTrace(context, options, options.message)
    })
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!/^\d{1,6}$/.test(text) || number > MOST_EVENTS)
    throw new InvalidArgumentError(`must be 0 to ${MOST_EVENTS}.`)
  return number
}
