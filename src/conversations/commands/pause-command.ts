import type { ChatCommand } from './chat-command.ts'

/** The assistant says nothing more in this chat, from what is under way on, until somebody ends that. */
export const pauseCommand: ChatCommand = {
  name: 'pause',
  aliases: [],
  forOwners: true,
  atOnce: true,
  ofChat: true,
  help: [{ usage: ['/pause'], does: 'helpPause' }],
  execute({ conversation }, { takeover, sentences }) {
    const { paused, pausedAlready } = sentences()
    // What ends by itself is made to last.
    if (takeover.isPaused(conversation.id) && takeover.of(conversation.id).until === null)
      return pausedAlready
    return { text: paused, committed: takeover.takeOver(conversation.id, 'command', null) }
  },
}
