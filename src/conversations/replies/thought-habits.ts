import type { AnsweringAgent } from '../../agents/agent.ts'

/** Models of one agent of which is remembered how they answer: people may choose any name. */
const MAX_MODELS = 100

/**
 * Which agents begin their answers, with which model (`null`: their own), with thoughts that only a closing mark ends: these are held
 * back until it comes. Before the first answer the agent's own word counts, then what it did.
 */
export class ThoughtHabits {
  readonly #known = new WeakMap<AnsweringAgent, Map<string | null, boolean>>()

  holdsBack(agent: AnsweringAgent, model: string | null): boolean {
    return this.#known.get(agent)?.get(model) ?? agent.mayThinkUnmarked?.(model) ?? false
  }

  /** An answer is complete. Who did it once may do it again. */
  learn(agent: AnsweringAgent, model: string | null, wasOpenedInPrompt: boolean): void {
    const models = this.#known.get(agent) ?? new Map<string | null, boolean>()
    this.#known.set(agent, models)
    if (models.size >= MAX_MODELS) models.clear()
    models.set(model, wasOpenedInPrompt || models.get(model) === true)
  }
}
