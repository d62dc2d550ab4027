import type { Command } from 'commander'
import type { CommandContext } from '../cli/command-context.ts'
import { EXIT_CODES } from '../cli/command-failure.ts'
import { createProgram } from '../cli/command-line.ts'

const COLUMNS = 80

const HEAD = `# Command line

Written from the commands by \`npm run docs\`. \`whatsappd <command> --help\` prints the same.

`

const REST = `
**For programs.** \`--json\` prints one JSON object on standard output, and nothing else stands there; \`export\`, \`logs\` and \`status --watch\` print one a line. What goes wrong is one line on standard error, with what to do; \`--verbose\` adds where it came from. Questions are asked on a terminal alone: where there is none, a command that would ask needs \`--yes\`.

**For people.** Lines fit a terminal of 80 columns. Colours, and whatever moves the cursor, are for terminals: there are none in a file or a pipe, on a terminal with \`TERM=dumb\`, and no colours where \`NO_COLOR\` is set. A QR code is black on white all the same: phones cannot read it otherwise. What other people wrote is shown with its control characters as escapes.

**Which daemon.** Commands find the running daemon by its state directory: \`--state-dir\`, then \`WHATSAPPD_STATE_DIR\`, then \`~/.local/state/whatsappd\`.

## The commands

`

/** `docs/cli.md`: every command with its help. */
export function renderCli(): string {
  const lines: string[] = []
  const program = createProgram(
    silentContext((text) => lines.push(text)),
    () => undefined,
  )
  const codes = EXIT_CODES.map(({ code, means }) => `| ${code} | ${means} |`)
  const exits = ['## Exit codes and output', '', '| code | means |', '|---|---|', ...codes, ''].join('\n')
  const sections = program.commands.flatMap((command) => sectionsOf(command, 'whatsappd', lines))
  return `${HEAD}${exits}${REST}${sections.join('\n')}`
}

function sectionsOf(command: Command, parent: string, lines: string[]): string[] {
  const name = `${parent} ${command.name()}`
  const level = parent.includes(' ') ? '####' : '###'
  const inner = command.commands.filter((each) => each.name() !== 'help')
  return [
    `${level} \`${name}\`\n\n\`\`\`text\n${helpOf(command, lines)}\n\`\`\`\n`,
    ...inner.flatMap((each) => sectionsOf(each, name, lines)),
  ]
}

/** With its examples, which the text of the help alone has not. */
function helpOf(command: Command, lines: string[]): string {
  lines.length = 0
  command.configureOutput({ getOutHelpWidth: () => COLUMNS }).outputHelp()
  return lines.join('\n').trim()
}

/** For a program of which nothing is run. */
function silentContext(print: (text: string) => void): CommandContext {
  return {
    env: {},
    version: '',
    packageRoot: '',
    signal: new AbortController().signal,
    onHangUp: () => () => undefined,
    print,
    draw: () => undefined,
    note: () => undefined,
    printed: () => Promise.resolve(),
    terminal: false,
    terminalSize: () => null,
    onResize: () => () => undefined,
    ask: null,
    askText: null,
  }
}
