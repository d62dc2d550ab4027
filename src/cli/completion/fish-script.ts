import { type CommandNode, type CompletedOption, flatCommands, valuedOptions } from './command-tree.ts'

/** Completion for fish. */
export function fishScript(tree: CommandNode): string {
  const { name } = tree
  const groups = tree.commands.filter(({ commands }) => commands.length > 0)
  return `# Completion of ${name} for fish. Load it: ${name} completion fish | source
# Whether the command that is being written is this one, such as "accounts add"; '' before there is one.
function __${name}_is
    set -l words (commandline -opc)
    set -e words[1]
    set -l found
    set -l skips 0
    for word in $words
        if test $skips -eq 1
            set skips 0
            continue
        end
        if contains -- $word ${valuedOptions(flatCommands(tree)).join(' ')}
            set skips 1
            continue
        end
        if string match -q -- '-*' $word
            continue
        end
        if test (count $found) -eq 0
            set found $word
        else if contains -- $found[1] ${groups.map((group) => group.name).join(' ')}
            set found $found[1] $word
            break
        else
            break
        end
    end
    test "$found" = "$argv[1]"
end
complete -c ${name} -f
${flatCommands(tree)
  .flatMap((command) => linesOf(command, name))
  .join('\n')}
`
}

function linesOf({ path, commands, options, argument, choices }: CommandNode, program: string): string[] {
  const place = path.slice(program.length).trim()
  const condition = `-n ${quoted(`__${program}_is "${place}"`)}`
  const line = (rest: string): string => `complete -c ${program} ${condition} ${rest}`
  return [
    ...commands.map(({ name, summary }) => line(`-a ${name} -d ${quoted(summary)}`)),
    ...choices.map((choice) => line(`-a ${choice}`)),
    ...options.map((option) => line(optionOf(option))),
    ...(argument === 'file' ? [line('-F')] : []),
    ...(argument === 'directory' ? [line("-a '(__fish_complete_directories)'")] : []),
  ]
}

function optionOf({ long, description, kind, choices }: CompletedOption): string {
  const value = {
    flag: '',
    value: ` -x${choices.length === 0 ? '' : ` -a ${quoted(choices.join(' '))}`}`,
    file: ' -r -F',
    directory: " -x -a '(__fish_complete_directories)'",
  }[kind]
  return `-l ${long.slice(2)}${value} -d ${quoted(description)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (found) => `\\${found}`)}'`
}
