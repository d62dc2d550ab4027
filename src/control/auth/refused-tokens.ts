import type { Logger } from 'pino'
import type { RefusedTokenView } from '../../protocol/tokens/refused-token.ts'
import { REFUSAL_ACTIONS, refusalMessage } from '../../protocol/tokens/token-refusals.ts'
import type { RefusalCause } from '../../protocol/tokens/token-refusals.ts'
import { LogAllowance } from '../limits/log-allowance.ts'

interface Entry {
  count: number
  lastAt: Date
  detail: string | null
  lines: LogAllowance
}

/**
 * Tells the owner of the sandbox why tokens were refused: by a line of the log, bounded for each cause, so that guesses of a
 * stranger hide nothing, and as a list with one entry for each cause.
 */
export class RefusedTokens {
  readonly #logger: Logger
  readonly #now: () => Date
  /** By cause, of which there is a closed list. */
  readonly #entries = new Map<RefusalCause, Entry>()

  constructor(deps: { logger: Logger; now: () => Date }) {
    this.#logger = deps.logger
    this.#now = deps.now
  }

  /** `detail` names the claim or the settings that are to blame; nothing of the token. */
  record(cause: RefusalCause, detail: string | null): void {
    const lastAt = this.#now()
    const { count, lines } = this.#entries.get(cause) ?? { count: 0, lines: new LogAllowance(this.#now) }
    this.#entries.set(cause, { count: count + 1, lastAt, detail, lines })
    lines.line((leftOut) =>
      this.#logger.warn(
        {
          reason: cause,
          ...(detail !== null && { detail }),
          why: refusalMessage(cause),
          action: REFUSAL_ACTIONS[cause],
          leftOut,
        },
        'a control client came with a token that is not accepted',
      ),
    )
  }

  /** Forgets all of them: the keys or the settings that refused them are no longer in force. */
  forget(): void {
    for (const entry of this.#entries.values()) entry.count = 0
  }

  /** Those that the keys and settings of now refused, the latest first. */
  list(): RefusedTokenView[] {
    return [...this.#entries]
      .filter(([, { count }]) => count > 0)
      .toSorted(([, one], [, other]) => other.lastAt.getTime() - one.lastAt.getTime())
      .map(([reason, { count, lastAt, detail }]) => ({
        reason,
        message: refusalMessage(reason),
        action: REFUSAL_ACTIONS[reason],
        detail,
        count,
        lastAt: lastAt.toISOString(),
      }))
  }
}
