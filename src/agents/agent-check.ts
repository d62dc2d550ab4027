/** One thing that `whatsappd doctor` looks at before anybody asks the agent. It changes nothing and starts nothing. */
export interface AgentCheck {
  /** Stable; begins with `agent.`. */
  id: string
  /**
   * What was found, a sentence; with `advice`, it is worth a look. Throws `AgentError` where the agent could not answer. `signal` ends
   * it.
   */
  look(signal: AbortSignal): Promise<{ message: string; advice?: string }>
}
