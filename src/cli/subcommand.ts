import type { Command } from 'commander'

/** Adds a subcommand. `standard` names the one that is meant where none is named: what follows it then is a misspelt name. */
export function addSubcommand(parent: Command, usage: string, standard: string): Command {
  if (usage !== standard) return parent.command(usage)
  return parent
    .command(usage, { isDefault: true })
    .allowExcessArguments()
    .hook('preAction', (_hooked, command) => {
      const [word] = command.args
      if (word === undefined) return
      const names = parent.commands.map((each) => each.name()).join(', ')
      command.error(`error: '${word}' is no command of "whatsappd ${parent.name()}"; it has ${names}`)
    })
}
