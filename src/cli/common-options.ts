import type { Command } from 'commander'
import { Option } from 'commander'
import { InvalidArgumentError } from 'commander'

const MAX_PORT = 65_535
const HELP_COLUMNS = 80

export interface CommonOptions {
  stateDir?: string
  verbose?: boolean
}

export interface ServeOptions extends CommonOptions {
  config?: string
  host?: string
  port?: number
}

/** What every command that has to do with a daemon takes. */
export function addCommonOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--state-dir <dir>',
        'where the daemon keeps its state (default: $WHATSAPPD_STATE_DIR, then ~/.local/state/whatsappd)',
      ),
    )
    .option('--verbose', 'show where an error came from')
}

/** What the commands that start a daemon take. */
export function addServeOptions(command: Command, configHelp: string): Command {
  return command
    .option('--config <file>', configHelp)
    .option('--host <address>', 'address to listen on (default: whatsappd.listen.host, 127.0.0.1)')
    .option(
      '--port <number>',
      'port to listen on, 0 for any free one (default: whatsappd.listen.port, 8765)',
      parsePort,
    )
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > MAX_PORT) throw new InvalidArgumentError(`must be 0 to ${MAX_PORT}.`)
  return port
}

/** The part of a command's `--help` that shows how it is used, 80 columns wide at most. */
export function examples(...lines: readonly [string, string][]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  const beside = lines.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`)
  const fits = beside.every((line) => line.length <= HELP_COLUMNS)
  const shown = fits ? beside : lines.map(([command, what]) => `  ${command}\n      ${what}`)
  return `\nExamples:\n${shown.join('\n')}\n`
}
