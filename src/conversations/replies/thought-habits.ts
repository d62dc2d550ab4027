import type { AnsweringAgent } from '../../agents/agent.ts'

/**
 * Which agents begin their answers with thoughts that only a closing mark ends: these are held back until it comes. Before an agent's
 * first answer its own word counts, then what it did.
 */
export class ThoughtHabits {
  readonly #known = new WeakMap<AnsweringAgent, boolean>()

  holdsBack(agent: AnsweringAgent): boolean {
    return this.#known.get(agent) ?? agent.mayThinkUnmarked ?? false
  }

  /** An answer is complete. Who did it once may do it again. */
  learn(agent: AnsweringAgent, wasOpenedInPrompt: boolean): void {
    this.#known.set(agent, wasOpenedInPrompt || this.#known.get(agent) === true)
  }
}
