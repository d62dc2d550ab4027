import type { ChatCommand } from './chat-command.ts'
import { modelLines } from './model-lines.ts'

export const modelsCommand: ChatCommand = {
  name: 'models',
  aliases: [],
  help: [{ usage: ['/models'], does: 'helpModels' }],
  execute: (request, deps) => modelLines('offered', request, deps),
}
