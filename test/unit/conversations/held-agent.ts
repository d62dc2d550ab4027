import type { Agent, ReplyPart, Turn } from '../../../src/agents/agent.ts'

/** An agent whose answers wait until the test lets them go. */
export class HeldAgent implements Agent {
  readonly turns: { texts: string[]; history: Turn['history']; turn: Turn; aborted: boolean }[] = []
  #release: (() => void)[] = []

  async *reply(turn: Turn, signal: AbortSignal): AsyncGenerator<ReplyPart, void, void> {
    const texts = turn.messages.map(({ text }) => text)
    const seen = { texts, history: turn.history, turn, aborted: false }
    this.turns.push(seen)
    signal.addEventListener('abort', () => (seen.aborted = true))
    await new Promise<void>((resolve) => this.#release.push(resolve))
    yield { type: 'delta', text: `answer to ${texts.join(' and ')}` }
  }

  /** Lets every answer go that waits now. */
  answer(): void {
    for (const release of this.#release.splice(0)) release()
  }
}
