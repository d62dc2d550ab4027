import { type CommandNode, flatCommands, valuedOptions } from './command-tree.ts'

/** Completion for bash 3.2 and later: one function that knows every command, and asks nothing while it completes. */
export function bashScript(tree: CommandNode): string {
  const commands = flatCommands(tree)
  const name = tree.name
  const options = commands.flatMap((command) => command.options)
  const wants = (kind: string): string =>
    [
      ...new Set(
        options.filter((each) => each.kind === kind).flatMap(({ long, short }) => [long, short ?? []].flat()),
      ),
    ].join('|')
  const choices = options.filter((option) => option.choices.length > 0)
  return `# Completion of ${name} for bash. Load it: source <(${name} completion bash)
_${name}() {
  local current previous path word i commands options argument kind=none
  current=\${COMP_WORDS[COMP_CWORD]}
  previous=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  path=${name}
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      ${valuedOptions(commands).join('|')}) i=$((i + 1)); continue ;;
    esac
    case "$path $word" in
${commands
  .slice(1)
  .map(({ path }) => `      '${path}') path='${path}' ;;`)
  .join('\n')}
    esac
  done
  case $previous in
${choices.map(({ long, choices: words }) => `    ${long}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$current")); return ;;`).join('\n')}
    ${wants('file') || '--'}) kind=file ;;
    ${wants('directory') || '--'}) kind=directory ;;
    ${wants('value') || '--'}) return ;;
  esac
  case $path in
${commands.map(branch).join('\n')}
  esac
  if [[ $kind == none && $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
    return
  fi
  [[ $kind == none ]] && kind=$argument
  case $kind in
    file | directory)
      # A name may have spaces.
      local IFS=$'\\n'
      compopt -o filenames 2>/dev/null
      if [[ $kind == file ]]; then COMPREPLY=($(compgen -f -- "$current"))
      else COMPREPLY=($(compgen -d -- "$current")); fi ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$current")) ;;
  esac
}
complete -F _${name} ${name}
`
}

function branch({ path, commands, options, argument, choices }: CommandNode): string {
  const words = [...commands.map((each) => each.name), ...choices].join(' ')
  const flags = options.map(({ long }) => long).join(' ')
  return `    '${path}') commands='${words}'; options='${flags}'; argument=${argument ?? 'none'} ;;`
}
