import { answerQuestion } from '../permissions/answer-question.ts'
import type { ChatCommand } from './chat-command.ts'

/** An agent may do what it asked for, this once. */
export const yesCommand: ChatCommand = {
  name: 'yes',
  aliases: [],
  forOwners: true,
  // The agent waits for it, in a turn that runs.
  atOnce: true,
  help: [{ usage: ['/yes <code>'], does: 'helpYes' }],
  execute: answerQuestion(true),
}
