import type { ChatCommand } from './chat-command.ts'

export const resumeCommand: ChatCommand = {
  name: 'resume',
  aliases: [],
  forOwners: true,
  atOnce: true,
  ofChat: true,
  help: [{ usage: ['/resume'], does: 'helpResume' }],
  execute({ conversation }, { takeover, config, sentences }) {
    const { resumed, resumedLate, notPaused } = sentences()
    const isOff = takeover.of(conversation.id).offSince !== null
    if (takeover.whySilent(conversation.id) === null) return notPaused
    const text = config().takeover.answerMissed && !isOff ? resumedLate : resumed
    return { text, committed: takeover.setAssistant(conversation.id, true) }
  },
}
