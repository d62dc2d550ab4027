import { InvalidArgumentError, Option, type Command } from 'commander'
import { MEDIA_KINDS } from '../../../protocol/media-kinds.ts'
import type { CommandContext } from '../../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { withDaemon } from '../connection/with-daemon.ts'

const DEFAULT_TIMEOUT_SECONDS = 60
const MAX_TIMEOUT_SECONDS = 86_400

export interface SendOptions extends CommonOptions {
  account?: string
  file?: string
  as?: (typeof MEDIA_KINDS)[number]
  template?: string
  language?: string
  variable?: Readonly<Record<string, string>>
  header?: string
  button?: readonly { index: number; value: string }[]
  wait?: 'sent' | 'delivered'
  timeout: number
  queue?: boolean
  id?: string
  json?: boolean
}

/** `whatsappd send`: a message from the command line. */
export function addSendCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('send')
    .summary('send a message, or a file, to somebody who is allowed')
    .description(
      'Sends a message to a number, to lid:<digits> or bsuid:<id>, or to a group, and takes the chat over from the assistant, as if it was typed on the phone. ' +
        'Ends with code 0 when the message is stored (with --wait: sent, or delivered), with 1 when it was refused or has failed, and with 3 when ' +
        '--wait has waited in vain: the message stays stored then.',
    )
    .argument('<to>', 'a phone number with its country code, lid:<digits> or bsuid:<id>, or a group')
    .argument('[text]', 'what it says, or "-" to read that from standard input; below a file')
    .option('--file <path>', 'send this file')
    .addOption(
      new Option('--as <kind>', 'what the file is shown as (default: by its name)').choices(MEDIA_KINDS),
    )
    .option('--template <name>', 'send this approved template in the place of a text (whatsappd templates)')
    .option('--language <code>', 'its language, where it has several: de, en_US')
    .addOption(
      new Option('--variable <name=value>', 'a value for one of its variables; once for each').argParser(
        parseVariable,
      ),
    )
    .option('--header <url>', 'for a template: the https address of the file in its header')
    .addOption(
      new Option('--button <index=value>', 'a value for one of its buttons; once for each').argParser(
        parseButton,
      ),
    )
    .addOption(
      new Option('--wait <state>', 'wait until WhatsApp has it, or the phone').choices(['sent', 'delivered']),
    )
    .addOption(
      new Option('--timeout <seconds>', 'how long --wait waits')
        .argParser(parseSeconds)
        .default(DEFAULT_TIMEOUT_SECONDS),
    )
    .option('--queue', 'store it while WhatsApp is not connected, and send it later')
    .option('--id <id>', 'your own id of it: a second call with the same id sends nothing')
    .option('--account <id>', 'which account (default: the default account)')
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd send +15555550123 "Dinner is ready"', 'one message'],
        ['whatsappd send +15555550123 --file plan.pdf "The plan"', 'a file with a caption'],
        ['df -h | whatsappd send +15555550123 - --wait sent', 'what a program says'],
        ['whatsappd send +15555550123 --template order_ready --variable number=1843', 'a template'],
      ),
    )
    .action(async (to: string, text: string | undefined, options: SendOptions) => {
      const { sendMessage } = await import('./send-message.ts')
      await withDaemon(context, options, (daemon) => sendMessage(context, daemon, { ...options, to, text }), [
        'message',
      ])
    })
}

function parseVariable(
  text: string,
  others: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('must be a name, "=" and a value, such as number=1843.')
  return { ...others, [name.trim()]: value }
}

function parseButton(
  text: string,
  others: readonly { index: number; value: string }[] = [],
): readonly { index: number; value: string }[] {
  const [, index, value] = /^(\d{1,2})=(.*)$/s.exec(text) ?? []
  if (index === undefined || value === undefined)
    throw new InvalidArgumentError('must be the number of a button, "=" and a value, such as 0=1843.')
  return [...others, { index: Number(index), value }]
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!/^\d{1,6}$/.test(text) || seconds < 1 || seconds > MAX_TIMEOUT_SECONDS)
    throw new InvalidArgumentError(`must be a number of seconds from 1 to ${MAX_TIMEOUT_SECONDS}.`)
  return seconds
}
