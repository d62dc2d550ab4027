import { SENTENCES } from '../notices/sentences.ts'
import { clipped, listed } from './agent-names.ts'
import type { ChatCommand } from './chat-command.ts'

export const agentsCommand: ChatCommand = {
  name: 'agents',
  aliases: [],
  help: [{ usage: '`/agents`', does: 'lists the agents, and says who answers now' }],
  execute({ conversation, person, at }, { routing, config }) {
    const { agent: present } = routing.answererOf(conversation, person, at)
    const lines = Object.entries(config().agents).map(([id, { name }]) => {
      const known = name === undefined || name === '' ? id : `${id} (${clipped(name)})`
      return `- ${known}${id === present ? `, ${SENTENCES.agentWhoAnswers}` : ''}`
    })
    return [SENTENCES.agentsHeading, ...listed(lines), SENTENCES.agentsHint].join('\n')
  },
}
