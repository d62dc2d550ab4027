import { type CommandNode, type CompletedOption, flatCommands, valuedOptions } from './command-tree.ts'

/** Completion for zsh: to be sourced, or as a file `_whatsappd` in `fpath`. */
export function zshScript(tree: CommandNode): string {
  const commands = flatCommands(tree)
  const { name } = tree
  const places = commands.slice(1).map(({ path }) => `      '${path}') place='${path}' ;;`)
  return `#compdef ${name}
# Completion of ${name} for zsh. Load it after compinit: source <(${name} completion zsh)
_${name}() {
  local place=${name} word
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    case $word in
      ${valuedOptions(commands).join('|')}) i=$((i + 1)); continue ;;
    esac
    case "$place $word" in
${places.join('\n')}
    esac
  done
  local -a commands options
  local argument=none
  case $place in
${commands.map(branch).join('\n')}
  esac
  if (( $#commands )) && [[ $PREFIX != -* ]]; then
    _describe command commands
    return
  fi
  case $argument in
    file) _arguments -s : $options '*:file:_files' ;;
    directory) _arguments -s : $options '*:directory:_files -/' ;;
    *) _arguments -s : $options '*:value: ' ;;
  esac
}
if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`
}

function branch({ path, commands, options, argument, choices }: CommandNode): string {
  const words = [
    ...commands.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(':', '\\:')}`)),
    ...choices.map(quoted),
  ]
  return [
    `    '${path}')`,
    `      commands=(${words.join(' ')})`,
    `      options=(${options.map(optionOf).join(' ')})`,
    `      argument=${argument ?? 'none'} ;;`,
  ].join('\n')
}

function optionOf({ long, description, kind, choices }: CompletedOption): string {
  const told = description.replaceAll(/[[\]:\\]/g, (found) => `\\${found}`)
  if (kind === 'flag') return quoted(`${long}[${told}]`)
  const words = choices.length > 0 ? `(${choices.join(' ')})` : ' '
  const action = { value: words, file: '_files', directory: '_files -/' }[kind]
  return quoted(`${long}=[${told}]:${kind}:${action}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
