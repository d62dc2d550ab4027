import type { ChatCommand } from './chat-command.ts'
import { modelLines } from './model-lines.ts'

export const modelfavsCommand: ChatCommand = {
  name: 'modelfavs',
  aliases: [],
  help: [{ usage: ['/modelfavs'], does: 'helpModelFavourites' }],
  execute: (request, deps) => modelLines('favourites', request, deps),
}
