import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { EVENT_MIGRATIONS } from '../../../control/events/event-store.ts'
import { EVENT_NAMES, TOPICS } from '../../../protocol/events.ts'
import { type ReadQuery, withReadOnly } from '../../../storage/database/with-read-only.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { withDaemon } from '../../remote/connection/with-daemon.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { eventLine, shownEvent, type ShownEvent } from './event-line.ts'
import { untilEnd } from './until-end.ts'
import type { LogsOptions } from './logs-command.ts'

/** Prints the newest stored events, oldest first, and with `follow` each that comes. */
export async function printEvents(context: CommandContext, options: LogsOptions): Promise<void> {
  const file = join(resolveStateDir(options.stateDir, context.env), 'daemon.db')
  const print = (event: ShownEvent): void => {
    const isOther = options.account !== undefined && event.facts['account'] !== options.account
    if (!isOther) context.print(options.json === true ? JSON.stringify(event) : eventLine(event))
  }
  if (options.follow !== true) {
    if (!existsSync(file)) throw new CommandFailure(`nothing is kept yet: there is no ${file}`)
    for (const event of stored(file, options)) print(event)
    return
  }
  await withDaemon(
    context,
    options,
    async ({ client }) => {
      // Those that come while the stored ones are read are shown after them, each once.
      let waiting: ShownEvent[] | null = []
      for (const name of EVENT_NAMES)
        client.on(name, (payload, { eventId, at }) => {
          const event = shownEvent({ id: eventId, name, at, payload })
          if (waiting === null) print(event)
          else waiting.push(event)
        })
      const ended = untilEnd(context, client)
      const before = existsSync(file) ? stored(file, options) : []
      for (const event of before) print(event)
      const last = before.at(-1)?.id ?? 0
      for (const event of waiting) if (event.id === null || event.id > last) print(event)
      waiting = null
      await ended
    },
    TOPICS,
  )
}

function stored(file: string, { limit, account }: LogsOptions): ShownEvent[] {
  const read = (query: ReadQuery): Record<string, unknown>[] =>
    account === undefined
      ? query('SELECT id, name, at, payload FROM events ORDER BY id DESC LIMIT ?', limit)
      : query(
          "SELECT id, name, at, payload FROM events WHERE json_extract(payload, '$.account') = ? ORDER BY id DESC LIMIT ?",
          account,
          limit,
        )
  return withReadOnly(file, EVENT_MIGRATIONS, read)
    .toReversed()
    .map(({ id, name, at, payload }) =>
      shownEvent({
        id: Number(id),
        name: String(name),
        at: String(at),
        payload: JSON.parse(String(payload)) as unknown,
      }),
    )
}
