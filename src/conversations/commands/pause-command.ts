import type { ChatCommand } from './chat-command.ts'

/** The assistant says nothing more in this chat, from what is under way on. */
export const pauseCommand: ChatCommand = {
  name: 'pause',
  aliases: [],
  forOwners: true,
  atOnce: true,
  ofChat: true,
  help: [{ usage: ['/pause'], does: 'helpPause' }],
  execute({ conversation }, { chats, work, sentences, now }) {
    const { paused, pausedAlready } = sentences()
    if (chats.isPaused(conversation.id)) return pausedAlready
    chats.pause(conversation.id, now().getTime())
    return { text: paused, committed: work.stop(conversation.id, null).committed }
  },
}
