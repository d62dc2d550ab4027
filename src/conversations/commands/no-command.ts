import { answerQuestion } from '../permissions/answer-question.ts'
import type { ChatCommand } from './chat-command.ts'

/** An agent may not do what it asked for. */
export const noCommand: ChatCommand = {
  name: 'no',
  aliases: [],
  forOwners: true,
  atOnce: true,
  help: [{ usage: ['/no <code>'], does: 'helpNo' }],
  execute: answerQuestion(false),
}
