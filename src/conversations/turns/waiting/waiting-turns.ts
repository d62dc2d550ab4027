import type { TurnRow } from '../turn-store.ts'

/** Conversations whose turn waits; a later one is not kept waiting but fails. */
const MAX_WAITING = 5_000

interface Waiting {
  agent: string
  timer: NodeJS.Timeout
}

export interface Wait {
  /** Whom the turn waits for, by its id in the config. */
  agent: string
  /** Since when, in milliseconds since 1970, and after how many the person is told. */
  since: number
  tellAfterMs: number
}

export interface WaitingTurnsDependencies {
  /** The turn has waited for long enough. Must not throw. */
  due: (row: TurnRow, since: number) => void
  now: () => Date
}

/**
 * The open turns whose agent is away, by conversation. They stay on disk as they are, take no place among those that run, and are asked
 * for again when `release` or `remove` lets them go.
 */
export class WaitingTurns {
  readonly #deps: WaitingTurnsDependencies
  readonly #waiting = new Map<number, Waiting>()

  constructor(deps: WaitingTurnsDependencies) {
    this.#deps = deps
  }

  get conversations(): number[] {
    return [...this.#waiting.keys()]
  }

  /** False where too many wait. */
  add(row: TurnRow, { agent, since, tellAfterMs }: Wait): boolean {
    this.remove(row.conversation)
    if (this.#waiting.size >= MAX_WAITING) return false
    const { due, now } = this.#deps
    const inMs = Math.min(tellAfterMs, Math.max(0, since + tellAfterMs - now().getTime()))
    const timer = setTimeout(() => due(row, since), inMs)
    timer.unref()
    this.#waiting.set(row.conversation, { agent, timer })
    return true
  }

  /** The conversation's turn does not wait any more, or is another one. */
  remove(conversation: number): void {
    clearTimeout(this.#waiting.get(conversation)?.timer)
    this.#waiting.delete(conversation)
  }

  /** Lets those go whose agent is here. */
  release(isHere: (agent: string) => boolean): void {
    for (const [conversation, { agent }] of this.#waiting) if (isHere(agent)) this.remove(conversation)
  }

  clear(): void {
    for (const conversation of this.#waiting.keys()) this.remove(conversation)
  }
}
