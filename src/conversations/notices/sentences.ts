/**
 * Every sentence that the daemon itself writes into a chat, in one table: a language is another table of this type. None
 * of them carries a word of an assistant's server.
 */
export const SENTENCES = {
  onlyText: 'I can only read text for now.',
  failed: 'Sorry, I could not answer this message. Please try again later.',
  assistantAway: 'The assistant is not available right now. It answers your message when it is back.',

  agentAnswersAgain: (agent: string) => `${agent} answers you here again.`,
  agentAnswers: (agent: string) => `${agent} answers you here. Write "/agents" to see who else could.`,
  agentAnswersUntil: (agent: string, until: string, minutes: number) =>
    `${agent} answers you here until ${until} UTC, ${afterLastMessage(minutes)}.`,
  agentAnswersThen: (agent: string, reset: string) => `Then ${agent} does; at once with "/agent ${reset}".`,
  agentChosen: (agent: string, minutes: number) =>
    `${agent} answers you here from now on, until ${afterLastMessage(minutes)}.`,
  agentNotKept: (agent: string) =>
    `A choice does not stick here. Begin a message with "@${agent} " to ask ${agent}.`,
  agentAndQuestion: (agent: string) =>
    `Write "/agent ${agent}" alone, or begin a question with "@${agent} ".`,
  agentUnknown: (written: string, known: string) => `There is no agent "${written}". There are: ${known}.`,

  agentsHeading: 'Agents:',
  agentWhoAnswers: 'who answers you here',
  agentsHint: 'Write "/agent" and a name to choose, or begin a message with "@" and a name.',
  andMore: (count: number) => `and ${count} more`,
} as const

function afterLastMessage(minutes: number): string {
  return `${minutes === 1 ? '1 minute' : `${minutes} minutes`} after your last message`
}
