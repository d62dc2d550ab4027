import { standardAgent } from '../routing/standard-agent.ts'
import { clipped, listed } from './agent-names.ts'
import { SENTENCES } from '../notices/sentences.ts'
import type { ChatCommand, CommandDependencies, CommandRequest } from './chat-command.ts'
import { findAgent } from './command-grammar.ts'

/** Takes a choice back, where no agent is called so. */
const RESET_WORD = 'default'

export const agentCommand: ChatCommand = {
  name: 'agent',
  aliases: [],
  help: [
    { usage: '`/agent`', does: 'says who answers now, and until when' },
    { usage: '`/agent <id>`, or `@<id>` alone', does: 'chooses an agent' },
    { usage: `\`/agent ${RESET_WORD}\``, does: 'takes the choice back' },
  ],
  execute(request, deps) {
    const { argument } = request
    return argument === null ? whoAnswers(request, deps) : choose(argument, request, deps)
  },
}

function choose(
  written: string,
  { conversation, person, at }: CommandRequest,
  { routing, chosen, config }: CommandDependencies,
): string {
  const ids = Object.keys(config().agents)
  const agent = findAgent(written, ids)
  if (agent === null && written.toLowerCase() === RESET_WORD) {
    chosen.forget(conversation.id, person)
    return SENTENCES.agentAnswersAgain(standardAgent(conversation, person, config()))
  }
  if (agent === null) {
    const [word = ''] = written.split(/\s/, 1)
    const meant = word === written ? null : findAgent(word, ids)
    if (meant !== null) return SENTENCES.agentAndQuestion(meant)
    return SENTENCES.agentUnknown(clipped(written), listed(ids).join(', '))
  }
  if (routing.ttlMs === 0) return SENTENCES.agentNotKept(agent)
  routing.choose(conversation.id, person, agent, at)
  return SENTENCES.agentChosen(agent, config().stickyTtlMinutes)
}

function whoAnswers(
  { conversation, person, at }: CommandRequest,
  { routing, config }: CommandDependencies,
): string {
  const { agent, until } = routing.answererOf(conversation, person, at)
  if (until === null) return SENTENCES.agentAnswers(agent)
  // This question is a message, too: the choice that it asks about is kept for longer.
  routing.heard(conversation.id, person, at)
  const next = standardAgent(conversation, person, config())
  const now = SENTENCES.agentAnswersUntil(agent, timeOf(until, at), config().stickyTtlMinutes)
  return next === agent ? now : `${now} ${SENTENCES.agentAnswersThen(next, RESET_WORD)}`
}

/** Hours and minutes, with the day when it is another; both in milliseconds since 1970. */
function timeOf(until: number, from: number): string {
  const [day = '', time = ''] = new Date(until).toISOString().split('T')
  const isToday = new Date(from).toISOString().startsWith(day)
  return `${isToday ? '' : `${day} `}${time.slice(0, 5)}`
}
