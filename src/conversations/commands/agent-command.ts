import { chatTime } from '../notices/chat-time.ts'
import { clipped, listed } from './agent-names.ts'
import type { ChatCommand, CommandDependencies, CommandRequest } from './chat-command.ts'
import { findAgent } from './command-grammar.ts'
import { RESET_WORD, withoutEnd } from './command-words.ts'

export const agentCommand: ChatCommand = {
  name: 'agent',
  aliases: [],
  help: [
    { usage: ['/agent'], does: 'helpAgent' },
    { usage: ['/agent <id>', '@<id>'], does: 'helpAgentChoose' },
    { usage: [`/agent ${RESET_WORD}`], does: 'helpAgentReset' },
  ],
  execute(request, deps) {
    const { argument } = request
    return argument === null ? whoAnswers(request, deps) : choose(argument, request, deps)
  },
}

function choose(
  written: string,
  { conversation, person, at }: CommandRequest,
  { routing, chosen, config, sentences }: CommandDependencies,
): string {
  const table = sentences()
  const ids = Object.keys(config().agents)
  const agent = findAgent(written, ids) ?? findAgent(withoutEnd(written), ids)
  if (agent === null && withoutEnd(written).toLowerCase() === RESET_WORD) {
    chosen.forget(conversation.id, person)
    return table.agentAnswersAgain(routing.standardOf(conversation, person))
  }
  if (agent === null) {
    const [word = ''] = written.split(/\s/, 1)
    const meant = word === written ? null : findAgent(word, ids)
    if (meant !== null) return table.agentAndQuestion(meant)
    return table.agentUnknown(clipped(written), listed(ids, table).join(', '))
  }
  if (routing.ttlMs === 0) return table.agentNotKept(agent)
  routing.choose(conversation.id, person, agent, at)
  return table.agentChosen(agent, config().stickyTtlMinutes)
}

function whoAnswers(
  { conversation, person, at }: CommandRequest,
  { routing, config, sentences }: CommandDependencies,
): string {
  const table = sentences()
  const { agent, until } = routing.answererOf(conversation, person, at)
  if (until === null) return table.agentAnswers(agent)
  // This question is a message, too: the choice that it asks about is kept for longer.
  routing.heard(conversation.id, person, at)
  const { language, stickyTtlMinutes } = config()
  const next = routing.standardOf(conversation, person)
  const now = table.agentAnswersUntil(agent, chatTime(until, at, language), stickyTtlMinutes)
  return next === agent ? now : `${now} ${table.agentAnswersThen(next, RESET_WORD)}`
}
