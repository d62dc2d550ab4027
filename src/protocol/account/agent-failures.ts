interface AgentFailureRow {
  /** One sentence for the person who runs the assistant, where nothing more exact is known. */
  message: string
  /** What they can do. */
  action: string
}

/**
 * Why an assistant gave no answer, by the code in `agent.turnFinished` and in an account's `assistant`: one closed table that the
 * control plane, the card, the command line, the log and `docs/errors.md` share.
 */
export const AGENT_FAILURES = {
  unreachable: {
    message: 'The assistant cannot be reached.',
    action: "Check that it runs, and that the agent's baseUrl is its address.",
  },
  unauthorized: {
    message: 'The assistant does not accept the key.',
    action: "Check the agent's apiKey.",
  },
  not_found: {
    message: 'The assistant knows neither this address nor this model.',
    action: "Check the agent's baseUrl (most end in /v1) and model.",
  },
  rate_limited: {
    message: 'The assistant takes no more requests for now, or has no credit left.',
    action: 'Wait, or raise the limit or the credit of the key.',
  },
  bad_request: {
    message: 'The assistant does not understand the request.',
    action: "Check the agent's model, and that its server speaks OpenAI's chat completions.",
  },
  context_overflow: {
    message: 'The conversation is longer than the model can read, even when shortened.',
    action: 'Lower historyChars, shorten systemPrompt, or give the model a longer context at its server.',
  },
  server_error: {
    message: 'The assistant reported an error of its own.',
    action: "Look into the log of the assistant's server.",
  },
  bad_answer: {
    message: 'What the assistant sent is no answer that can be read.',
    action: "Check that the agent's baseUrl is the address of OpenAI's chat completions.",
  },
  no_answer: {
    message: 'The assistant finished without any text to send.',
    action: "Try the question at the assistant's server; another model or a higher limit of tokens may help.",
  },
  refused: {
    message: "A filter of the assistant's server kept the answer back.",
    action: "Ask in other words, or change the filter at the assistant's server.",
  },
  interrupted: {
    message: 'The connection to the assistant ended in the middle of its answer.',
    action: "Look into the log of the assistant's server, and of any proxy before it.",
  },
  timeout: {
    message: 'The assistant took too long.',
    action: "Raise the agent's timeoutSeconds, or use a faster model.",
  },
  not_attached: {
    message: 'No assistant is attached.',
    action: 'Start the program that answers, which attaches with agent.attach.',
  },
  turn_too_large: {
    message: 'The question is larger than what the assistant can be handed.',
    action: 'Lower historyChars, or ask in a shorter message.',
  },
  program_ended: {
    message: 'The program of the assistant ended before its answer was complete.',
    action: "Run the agent's program by hand, as the user of the daemon, to see why.",
  },
  misconfigured: {
    message: "The agent's settings cannot be used.",
    action: 'Correct the setting that the message names.',
  },
  failed: {
    message: 'The assistant failed.',
    action: 'The log of the daemon says why.',
  },
} as const satisfies Record<string, AgentFailureRow>

export type AgentFailureCode = keyof typeof AGENT_FAILURES

// The keys of the table, of which there are some.
export const AGENT_FAILURE_CODES = Object.keys(AGENT_FAILURES) as [AgentFailureCode, ...AgentFailureCode[]]
