import { Command, CommanderError } from 'commander'
import type { CommandContext } from './command-context.ts'
import { CommandFailure, FAILURE_EXIT_CODE, USAGE_EXIT_CODE } from './command-failure.ts'
import { addAccountsCommand } from './remote/accounts/accounts-command.ts'
import { addAllowCommands } from './remote/allowlist/allow-command.ts'
import { addBackupCommand } from './offline/backup-command.ts'
import { addInstallServiceCommand } from './offline/install-service-command.ts'
import { addImportCommand } from './offline/import-command.ts'
import { addConfigCommand } from './offline/config/config-command.ts'
import { addLogsCommand } from './offline/logs/logs-command.ts'
import { addCompletionCommand } from './completion/completion-command.ts'
import { addExportCommand } from './remote/export/export-command.ts'
import { addForgetCommand } from './remote/people/forget-command.ts'
import { addDoctorCommand } from './offline/doctor-command.ts'
import { addDemoCommand } from './serve/demo-command.ts'
import { addLinkCommand } from './remote/link/link-command.ts'
import { addLogoutCommand } from './remote/accounts/logout-command.ts'
import { addMcpCommand } from './remote/mcp/mcp-command.ts'
import { addOpenCommand } from './remote/tokens/open-command.ts'
import { addOutboxCommand } from './remote/messages/outbox-command.ts'
import { addPairingCommand } from './remote/people/pairing-command.ts'
import { addTemplatesCommand } from './remote/messages/templates-command.ts'
import { addRestoreCommand } from './offline/restore-command.ts'
import { addRunCommand } from './serve/run-command.ts'
import { addSendCommand } from './remote/messages/send-command.ts'
import { addStatusCommand } from './remote/status/status-command.ts'
import { addTokenCommand } from './remote/tokens/token-command.ts'
import { addWebhooksCommand } from './remote/webhooks/webhooks-command.ts'
import { escapeUnprintable } from './escape-unprintable.ts'

/** What a command gets from its process, and where whole lines go. */
export interface Outputs extends Omit<CommandContext, 'print' | 'draw' | 'note' | 'printed'> {
  write: (text: string) => void
  writeError: (text: string) => void
  /** Resolves when all is written: why some of it was not, in words, or `null`. */
  outputFailure: () => Promise<string | null>
}

/** Commands whose work is not what they print: it goes on, and succeeds, where nobody can read that. */
const SERVING: ReadonlySet<string> = new Set(['run', 'demo', 'mcp'])

/** Runs one command to its end and answers with the exit code: 0, 1 for a failure, 2 for a usage error. */
export async function runCommandLine(argv: readonly string[], outputs: Outputs): Promise<number> {
  const context = {
    ...outputs,
    print: (text: string) => outputs.write(escapeUnprintable(text)),
    draw: (text: string) => outputs.write(text),
    note: (text: string) => printError(text),
    printed: async () => {
      await outputs.outputFailure()
    },
  }
  const printError = (text: string): void => outputs.writeError(escapeUnprintable(text))
  const program = createProgram(context, printError)
  let isServing = false
  program.hook('preAction', (_program, command) => {
    isServing = SERVING.has(command.name())
  })
  const code = await exitCodeOf(() => program.parseAsync([...argv], { from: 'user' }), argv, printError)
  if (isServing) return code
  const failure = await outputs.outputFailure()
  if (failure === null) return code
  printError(`whatsappd: the output could not be written: ${failure}`)
  return code === 0 ? FAILURE_EXIT_CODE : code
}

async function exitCodeOf(
  run: () => Promise<unknown>,
  argv: readonly string[],
  printError: (text: string) => void,
): Promise<number> {
  try {
    await run()
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are errors only to the parser, which has printed everything already.
      return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE
    }
    const { describeFailure } = await import('./describe-failure.ts')
    const { line, details, explained } = describeFailure(error)
    printError(`whatsappd: ${line}`)
    if (argv.includes('--verbose') && details !== '') printError(details)
    else if (!explained) printError('whatsappd: --verbose shows where it came from')
    return error instanceof CommandFailure ? error.exitCode : FAILURE_EXIT_CODE
  }
}

/** Every command with its options, and nothing run yet. */
export function createProgram(context: CommandContext, printError: (text: string) => void): Command {
  const program = new Command('whatsappd')
    .description(
      'Gives the assistant in a sandbox a WhatsApp number: linked by QR, open to the people on an allowlist.',
    )
    .version(context.version, '-V, --version')
    .showHelpAfterError('(--help shows how it is used)')
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => printError(text.trimEnd().replace(/^error: /, 'whatsappd: ')),
    })
    .exitOverride()
    .addHelpText('after', '\nTry it without a phone: whatsappd demo\nFor real: whatsappd run')
  // Each command copies the program's output and exit settings, so these come after them.
  addRunCommand(program, context)
  addDemoCommand(program, context)
  addLinkCommand(program, context)
  addStatusCommand(program, context)
  addDoctorCommand(program, context)
  addConfigCommand(program, context)
  addLogsCommand(program, context)
  addAllowCommands(program, context)
  addAccountsCommand(program, context)
  addOpenCommand(program, context)
  addSendCommand(program, context)
  addTemplatesCommand(program, context)
  addOutboxCommand(program, context)
  addPairingCommand(program, context)
  addWebhooksCommand(program, context)
  addMcpCommand(program, context)
  addExportCommand(program, context)
  addForgetCommand(program, context)
  addTokenCommand(program, context)
  addLogoutCommand(program, context)
  addImportCommand(program, context)
  addBackupCommand(program, context)
  addRestoreCommand(program, context)
  addInstallServiceCommand(program, context)
  addCompletionCommand(program, context)
  return program
}
