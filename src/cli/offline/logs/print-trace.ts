import { ACCOUNT_MIGRATIONS } from '../../../accounts/schema.ts'
import { idsBeginningWith, traceMessage } from '../../../conversations/trace/trace-message.ts'
import type { TraceStep } from '../../../conversations/trace/trace-step.ts'
import type { Topic } from '../../../protocol/events.ts'
import { EVENT_NAMES, topicOf } from '../../../protocol/events.ts'
import {
  isSubstitute,
  replaceMessageIds,
  SERVER_ID_PREFIX,
} from '../../../observability/log/shown-message-id.ts'
import { type ReadQuery, withReadOnly } from '../../../storage/database/with-read-only.ts'
import { traceStanza } from '../../../transports/linked-device/inbound/trace-stanza.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { withDaemon } from '../../remote/connection/with-daemon.ts'
import { type AccountFile, findAccountFiles } from '../account-files.ts'
import { chooseFile } from '../config/chosen-file.ts'
import type { LogsOptions } from './logs-command.ts'
import { untilEnd } from './until-end.ts'

/** What tells that a message went on. */
const TOPICS: Topic[] = ['message', 'agent', 'conversation', 'account']

interface Trace {
  account: string
  steps: TraceStep[]
}

/** Prints where a message is in each account that knows it, and with `follow` each step that it takes. */
export async function printTrace(context: CommandContext, options: LogsOptions, id: string): Promise<void> {
  const printer = new TracePrinter(context, options)
  if (options.follow !== true) {
    const files = await filesOf(context, options)
    if (!printer.print(traces(files, id))) throw unknown(id, files)
    return
  }
  await withDaemon(
    context,
    options,
    async ({ client }) => {
      const files = await filesOf(context, options)
      let isDue = false
      const look = (): void => {
        isDue = false
        printer.print(traces(files, id))
      }
      for (const name of EVENT_NAMES)
        if (TOPICS.some((topic) => topic === topicOf(name)))
          client.on(name, () => {
            if (!isDue) setImmediate(look)
            isDue = true
          })
      const ended = untilEnd(context, client)
      if (!printer.print(traces(files, id))) context.note(`nothing is known of ${id} yet; waiting for it`)
      await ended
    },
    TOPICS,
  )
}

/** The running daemon may follow another config than one started here would. */
async function filesOf(context: CommandContext, options: LogsOptions): Promise<AccountFile[]> {
  const { path, foundBy } = await chooseFile(context, options)
  const isFollowed = foundBy.startsWith('the running daemon')
  return findAccountFiles(context, isFollowed ? { ...options, config: path } : options)
}

function traces(files: readonly AccountFile[], named: string): Trace[] {
  return files.map(({ account, file }) => ({
    account,
    steps: withReadOnly(file, ACCOUNT_MIGRATIONS, (query) => {
      const id = isSubstitute(named) ? idBehind(query, named) : named
      return id === null ? [] : stepsOf(query, id)
    }),
  }))
}

function stepsOf(query: ReadQuery, id: string): TraceStep[] {
  return [
    ...traceStanza(query, id).map(({ sequence, state, keptAt, isOwn }): TraceStep => ({
      at: keptAt,
      stage: 'arrived',
      state,
      facts: { stanza: sequence, by: isOwn ? 'own phone' : 'person' },
    })),
    ...traceMessage(query, id),
  ]
}

/** The id for which a line of `logs` has this substitute; `null` where no message has it. */
function idBehind(query: ReadQuery, substitute: string): string | null {
  const found = idsBeginningWith(query, SERVER_ID_PREFIX).find((id) => replaceMessageIds(id) === substitute)
  return found ?? null
}

function unknown(id: string, files: readonly AccountFile[]): CommandFailure {
  const where =
    files.length === 0
      ? 'no account has stored anything'
      : `looked in: ${files.map(({ account }) => account).join(', ')}`
  return new CommandFailure(
    `nothing is known of the message ${id} (${where}): it never arrived, it is in a chat that is ignored, or it was deleted since`,
  )
}

/** Prints each step once, and again when its state is another one. */
class TracePrinter {
  readonly #context: CommandContext
  readonly #isJson: boolean
  readonly #printed = new Set<string>()

  constructor(context: CommandContext, { json }: LogsOptions) {
    this.#context = context
    this.#isJson = json === true
  }

  /** Whether anything is known. */
  print(found: readonly Trace[]): boolean {
    for (const { account, steps } of found)
      for (const { at, stage, state, facts } of steps) {
        const line = this.#isJson
          ? JSON.stringify({ account, at: isoTime(at), stage, state, facts })
          : [
              isoTime(at) ?? '-'.padEnd(24),
              account,
              stage.padEnd(8),
              state.padEnd(9),
              ...Object.entries(facts).map(([key, value]) => `${key}=${value}`),
            ].join('  ')
        if (this.#printed.has(line)) continue
        this.#printed.add(line)
        this.#context.print(line)
      }
    return found.some(({ steps }) => steps.length > 0)
  }
}

function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
