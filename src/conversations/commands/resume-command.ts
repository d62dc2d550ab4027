import type { ChatCommand } from './chat-command.ts'

export const resumeCommand: ChatCommand = {
  name: 'resume',
  aliases: [],
  forOwners: true,
  atOnce: true,
  ofChat: true,
  help: [{ usage: ['/resume'], does: 'helpResume' }],
  execute({ conversation }, { chats, sentences }) {
    const { resumed, notPaused } = sentences()
    if (!chats.isPaused(conversation.id)) return notPaused
    chats.resume(conversation.id)
    return resumed
  },
}
