import { asWritten } from '../../config/as-written.ts'
import { clipped } from './agent-names.ts'
import type { ChatCommand } from './chat-command.ts'

export const statusCommand: ChatCommand = {
  name: 'status',
  aliases: [],
  atOnce: true,
  ofChat: true,
  help: [{ usage: ['/status'], does: 'helpStatus' }],
  execute({ conversation, person, at }, { account, routing, takeover, work, config, sentences }) {
    const table = sentences()
    const { agent } = routing.answererOf(conversation, person, at)
    const { model } = routing.modelOf(conversation, person, { agent, at })
    const { isRunning, waiting } = work.state(conversation.id)
    const { name } = config()
    const known = name === null ? account : asWritten(config(), 'name', name)
    return [
      table.statusAccount(clipped(known)),
      table.statusAgent(clipped(agent)),
      ...(model === null ? [] : [table.statusModel(clipped(model.shown))]),
      takeover.whySilent(conversation.id) !== null ? table.statusPaused : table.statusAnswers,
      ...(isRunning ? [table.statusRunning] : []),
      ...(waiting > 0 ? [table.statusWaiting(waiting)] : []),
    ].join('\n')
  },
}
