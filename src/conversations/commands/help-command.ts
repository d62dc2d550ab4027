import type { Sentences } from '../notices/sentences.ts'
import type { ChatCommand } from './chat-command.ts'

/** What a person puts in its place, in whatever language. */
const PLACEHOLDER = /<\w+>/g

export const helpCommand: ChatCommand = {
  name: 'help',
  aliases: [],
  atOnce: true,
  ofChat: true,
  help: [{ usage: ['/help'], does: 'helpHelp' }],
  execute({ isOwner }, { commands, sentences }) {
    const table = sentences()
    const isForOwners = ({ forOwners = false }: ChatCommand): boolean => forOwners
    const everybodys = commands.filter((command) => !isForOwners(command))
    return [
      table.helpHeading,
      ...everybodys.flatMap((command) => linesOf(command, table)),
      ...(isOwner
        ? [table.helpOwners, ...commands.filter(isForOwners).flatMap((command) => linesOf(command, table))]
        : []),
      table.helpRest,
    ].join('\n')
  },
}

function linesOf({ help }: ChatCommand, table: Sentences): string[] {
  return help.map(({ usage, does }) =>
    table.helpLine(usage.join(', ').replaceAll(PLACEHOLDER, '…'), table[does]),
  )
}
