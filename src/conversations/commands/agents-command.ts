import { clipped, listed } from './agent-names.ts'
import type { ChatCommand } from './chat-command.ts'

export const agentsCommand: ChatCommand = {
  name: 'agents',
  aliases: [],
  help: [{ usage: ['/agents'], does: 'helpAgents' }],
  execute({ conversation, person, at }, { routing, config, sentences }) {
    const table = sentences()
    const { agent: present } = routing.answererOf(conversation, person, at)
    const lines = Object.entries(config().agents).map(([id, { name }]) => {
      const known = name === undefined || name === '' ? id : `${id} (${clipped(name)})`
      return `- ${id === present ? table.itemWith(known, table.agentWhoAnswers) : table.item(known)}`
    })
    return [table.agentsHeading, ...listed(lines, table), table.agentsHint].join('\n')
  },
}
