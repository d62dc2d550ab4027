import type { ChatCommand } from './chat-command.ts'

export const newCommand: ChatCommand = {
  name: 'new',
  aliases: ['reset'],
  ofChat: true,
  help: [{ usage: ['/new', '/reset'], does: 'helpNew' }],
  execute({ argument, conversation, sequence }, { chats, sentences }) {
    chats.beginAfresh(conversation.id, sequence)
    const { newBegun, newAndQuestion } = sentences()
    return argument === null ? newBegun : `${newBegun} ${newAndQuestion}`
  },
}
