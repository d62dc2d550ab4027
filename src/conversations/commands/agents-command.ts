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
      return `- ${known}${id === present ? ', who answers you here' : ''}`
    })
    return [
      'Agents:',
      ...listed(lines),
      'Write "/agent" and a name to choose, or begin a message with "@" and a name.',
    ].join('\n')
  },
}
