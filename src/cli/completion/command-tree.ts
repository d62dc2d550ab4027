import type { Command, Option } from 'commander'

/** What follows an option or a command: `none` of it is looked up. */
type ValueKind = 'flag' | 'value' | 'file' | 'directory'

export interface CompletedOption {
  long: string
  short: string | null
  description: string
  kind: ValueKind
  choices: readonly string[]
}

/** A command as a shell completes it. */
export interface CommandNode {
  /** From the program on: `whatsappd accounts add`. */
  path: string
  name: string
  summary: string
  options: readonly CompletedOption[]
  commands: readonly CommandNode[]
  /** What its arguments are, where it has some. */
  argument: Exclude<ValueKind, 'flag'> | null
  choices: readonly string[]
}

const DIRECTORIES = /^(?:dir|folder)$/
const FILES = /file|path/

/** The whole tree of the program, hidden commands left out. */
export function commandTree(command: Command, parents: readonly string[] = []): CommandNode {
  const path = [...parents, command.name()]
  const help = command.createHelp()
  const [argument] = command.registeredArguments
  return {
    path: path.join(' '),
    name: command.name(),
    summary: plain(command.summary() || command.description()),
    options: help.visibleOptions(command).flatMap(completed),
    commands: help
      .visibleCommands(command)
      .filter((each) => each.name() !== 'help')
      .map((each) => commandTree(each, path)),
    argument: argument === undefined ? null : kindOf(argument.name()),
    choices: argument?.argChoices ?? [],
  }
}

/** The tree as a list, each command before those in it. */
export function flatCommands(node: CommandNode): CommandNode[] {
  return [node, ...node.commands.flatMap(flatCommands)]
}

/** The words after which another one belongs to them. */
export function valuedOptions(commands: readonly CommandNode[]): string[] {
  const options = commands.flatMap((command) => command.options).filter(({ kind }) => kind !== 'flag')
  return [...new Set(options.flatMap(({ long, short }) => (short === null ? [long] : [long, short])))]
}

function completed({ long, short, description, flags, argChoices }: Option): CompletedOption[] {
  if (long === undefined || long === null) return []
  const [, name] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? []
  return [
    {
      long,
      short: short ?? null,
      description: plain(description),
      kind: name === undefined ? 'flag' : kindOf(name),
      choices: argChoices ?? [],
    },
  ]
}

function kindOf(name: string): Exclude<ValueKind, 'flag'> {
  if (DIRECTORIES.test(name)) return 'directory'
  return FILES.test(name) ? 'file' : 'value'
}

/** One line, without what is only an aside. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/ \((?:default|for)[^()]*\)$/, '')
    .trim()
}
