import { InvalidArgumentError, type Command } from 'commander'
import type { WhatsappdClient } from '../../../client/client.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure, INTERRUPTED_EXIT_CODE } from '../../command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import type { Contact } from './contacts-csv.ts'
import type { ExportSource } from './export-source.ts'
import type { ExportTarget } from './export-target.ts'
import type { ExportedMessage } from './exported-messages.ts'
import type { MediaFolder } from './media-folder.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { withDaemon } from '../connection/with-daemon.ts'

/** Between two lines of progress. */
const PROGRESS_MS = 1_000
const BYTES_OF_MB = 1_048_576

interface ExportOptions extends CommonOptions {
  account?: string
  conversation?: string
  contacts?: boolean
  media?: string
  mediaLimit?: number
  config?: string
  output?: string
  force?: boolean
}

/** `whatsappd export`: what was said, or the contacts, as a file. */
export function addExportCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('export')
    .summary('write what was said to a file, or the contacts')
    .description(
      'Writes every message as one JSON object a line, one conversation after the other, each from its oldest message on. ' +
        '--contacts writes one line for each conversation, as CSV. A file has its name only when it is complete, and only ' +
        'you can read it. --media copies the files of messages into a folder; one that is there is not copied again. Without a ' +
        'running daemon the files of its accounts are read.',
    )
    .option('--account <id>', 'only this account (default: all of them)')
    .option(
      '--conversation <who>',
      'only this one: a number, lid:<digits> or bsuid:<id>, the address of a group, or an id',
    )
    .option('--contacts', 'the contact fields of each conversation, as CSV')
    .option('--media <folder>', 'copy the files of messages here, and write their paths into the lines')
    .option('--media-limit <MB>', 'how much is in that folder at most', wholeNumber, 10_000)
    .option(
      '--config <file>',
      'the config file, where no daemon runs and accounts have directories of their own',
    )
    .option('--output <file>', 'the file to write (default: standard output)')
    .option('--force', 'overwrite the file when it exists')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd export > all.jsonl', 'everything'],
        ['whatsappd export --conversation +15550001111', 'one person'],
        ['whatsappd export --media files --output all.jsonl', 'with photos, documents and voice messages'],
        ['whatsappd export --contacts --output leads.csv', 'for a spreadsheet'],
      ),
    )
    .action(async (options: ExportOptions) => {
      if (options.contacts === true && options.media !== undefined)
        throw new CommandFailure('--media goes with messages, not with --contacts')
      try {
        await withDaemon(context, options, async (daemon) => {
          const { daemonSource } = await import('./daemon-source.ts')
          const stateDir = resolveStateDir(options.stateDir, context.env)
          await exportTo(context, daemonSource(daemon, { stateDir, signal: context.signal }), options)
        })
      } catch (error) {
        const { NoDaemonFailure } = await import('../connection/daemon-address.ts')
        if (!(error instanceof NoDaemonFailure)) throw error
        await exportStored(context, options, error)
      }
    })
}

/** `noDaemon`: why no daemon is asked, for where nothing is stored either. */
async function exportStored(context: CommandContext, options: ExportOptions, noDaemon: Error): Promise<void> {
  const { storedSource } = await import('../../offline/stored/stored-source.ts')
  const source = await storedSource(context, options)
  try {
    // A wrong directory has no accounts: an empty export must not take the place of an earlier one.
    if ((await source.accounts()).length === 0) throw noDaemon
    context.note('no daemon runs: the files of its accounts are read')
    await exportTo(context, source, options)
  } finally {
    source.close()
  }
}

async function exportTo(
  context: CommandContext,
  source: ExportSource,
  options: ExportOptions,
): Promise<void> {
  const [{ fileTarget }, { MediaFolder }] = await Promise.all([
    import('./export-target.ts'),
    import('./media-folder.ts'),
  ])
  const { output, force = false, media, mediaLimit = 0 } = options
  const folder = media === undefined ? null : new MediaFolder(media, source, mediaLimit * BYTES_OF_MB)
  const target = output === undefined ? printed(context) : fileTarget(output, { overwrite: force })
  try {
    const { conversations, messages } = await write(context, source, { options, target, folder })
    if (conversations === 0 && options.conversation !== undefined)
      throw new CommandFailure(`nothing is stored of ${options.conversation}`)
    target.finish()
    const content = options.contacts === true ? '' : ` with ${messages} messages`
    context.note(
      `exported ${conversations} conversations${content}${output === undefined ? '' : ` to ${output}`}`,
    )
    if (folder !== null && folder.leftOut > 0)
      context.note(
        `${folder.leftOut} files were left out: ${media} has ${mediaLimit} MB; --media-limit allows more, and only the missing ones are copied then`,
      )
  } catch (error) {
    target.abandon()
    throw error
  }
}

async function write(
  context: CommandContext,
  source: ExportSource,
  { options, target, folder }: { options: ExportOptions; target: ExportTarget; folder: MediaFolder | null },
): Promise<{ conversations: number; messages: number }> {
  const { client } = source
  const [{ walkConversations }, { exportedMessages }, csv] = await Promise.all([
    import('./walk-conversations.ts'),
    import('./exported-messages.ts'),
    import('./contacts-csv.ts'),
  ])
  const { contactOf, contactsHeader, contactsLine } = csv
  const accounts = options.account === undefined ? await source.accounts() : [options.account]
  const count = { conversations: 0, messages: 0 }
  const progress = progressOf(
    context,
    () => `${count.conversations} conversations, ${count.messages} messages`,
  )
  // The columns are known once every conversation is.
  const contacts: Contact[] = []
  for (const account of accounts) {
    const written = new Set<string>()
    for await (const conversation of walkConversations(client, account, options.conversation)) {
      const isNew = !written.has(conversation.conversationId)
      written.add(conversation.conversationId)
      if (options.contacts !== true)
        for await (const message of exportedMessages(client, conversation)) {
          count.messages += 1
          progress()
          const line = folder === null ? message : await withPaths(folder, account, message)
          await target.write(`${JSON.stringify(line)}\n`)
        }
      else if (isNew) contacts.push(contactOf(conversation))
      if (isNew) count.conversations += 1
      progress()
    }
  }
  if (options.contacts === true) {
    const names = await fieldNames(client, accounts, contacts)
    await target.write(contactsHeader(names))
    for (const contact of contacts) await target.write(contactsLine(contact, names))
  }
  return count
}

/** A line whose files say where their copies are. */
async function withPaths(
  folder: MediaFolder,
  account: string,
  message: ExportedMessage,
): Promise<ExportedMessage> {
  const files = []
  for (const file of message.files) files.push({ ...file, path: await folder.add(account, file) })
  return { ...message, files }
}

/** Every field that an account knows, each once; last those that have values and that the config does not name any more. */
async function fieldNames(
  client: Pick<WhatsappdClient, 'request'>,
  accounts: readonly string[],
  contacts: readonly Contact[],
): Promise<string[]> {
  const names = new Set<string>()
  for (const account of accounts) {
    const { fields } = await client.request('conversations.contactFields', { account })
    for (const { name } of fields) names.add(name)
  }
  for (const { fields } of contacts) for (const { name } of fields) names.add(name)
  return [...names]
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number of megabytes.')
  return Number(text)
}

function progressOf(context: CommandContext, text: () => string): () => void {
  let shownAt = performance.now()
  return () => {
    if (context.signal.aborted)
      throw new CommandFailure('interrupted; nothing was exported', { exitCode: INTERRUPTED_EXIT_CODE })
    if (performance.now() - shownAt < PROGRESS_MS) return
    shownAt = performance.now()
    context.note(`${text()} so far`)
  }
}

function printed(context: CommandContext): ExportTarget {
  return {
    write: async (text) => {
      // What a program reads must be what it is; a terminal must not obey it.
      if (context.terminal) context.print(text.trimEnd())
      else context.draw(text.slice(0, -1))
      await context.printed()
    },
    finish: () => undefined,
    abandon: () => undefined,
  }
}
