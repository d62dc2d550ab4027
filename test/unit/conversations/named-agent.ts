import type { Agent, ReplyPart, Turn } from '../../../src/agents/agent.ts'

/** Says its name and repeats what it hears. */
export class NamedAgent implements Agent {
  readonly turns: Turn[] = []
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  async *reply(turn: Turn): AsyncGenerator<ReplyPart, void, void> {
    // Read now: it is what was said before this turn.
    this.turns.push({ ...turn, history: turn.history })
    yield { type: 'delta', text: `${this.#name}: ${turn.messages.map(({ text }) => text).join(' ')}` }
  }
}
