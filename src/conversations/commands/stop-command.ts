import type { ChatCommand } from './chat-command.ts'

/** Ends what is answered, whoever asked it; of what waits, only the questions of the person who writes this. */
export const stopCommand: ChatCommand = {
  name: 'stop',
  aliases: [],
  atOnce: true,
  ofChat: true,
  help: [{ usage: ['/stop'], does: 'helpStop' }],
  execute({ conversation, person, isOwner }, { work, sentences }) {
    const { isStopped, waiting, committed } = work.stop(conversation.id, isOwner ? null : person)
    const { stopped, stoppedWaiting, nothingToStop } = sentences()
    if (!isStopped && waiting === 0) return nothingToStop
    return { text: waiting === 0 ? stopped : `${stopped} ${stoppedWaiting(waiting)}`, committed }
  },
}
