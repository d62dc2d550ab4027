import { isatty } from 'node:tty'
import type { CommandContext } from './cli/command-context.ts'
import { runCommandLine } from './cli/command-line.ts'
import { FAILURE_EXIT_CODE, INTERRUPTED_EXIT_CODE } from './cli/command-failure.ts'
import { forgetArena } from './cli/forget-arena.ts'
import { HangUp } from './cli/hang-up.ts'
import { nameLibc } from './cli/name-libc.ts'
import { packageInfo } from './cli/package-info.ts'
import { StandardOutput } from './cli/standard-output.ts'

/** How long something may keep the process alive after its command is done. */
const LINGER_MS = 500

const interruption = new AbortController()
const interrupt = (): void => {
  // The second signal ends the process at once.
  if (interruption.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE)
  interruption.abort()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
const hangUp = new HangUp(process.env, interrupt)
process.on('SIGHUP', () => hangUp.received())
const output = new StandardOutput(process.stdout)
const errorOutput = new StandardOutput(process.stderr)

nameLibc(process.env)
forgetArena(process.env)
const { root, version } = packageInfo()
const ask = async (question: string): Promise<boolean> => {
  const { askPerson } = await import('./cli/ask-person.ts')
  return askPerson(question, interruption.signal)
}
const askForText: CommandContext['askText'] = async (question, signal) => {
  const { askText } = await import('./cli/ask-text.ts')
  return askText(question, AbortSignal.any([signal, interruption.signal]))
}
const hasTerminal = isatty(0) && isatty(2)
/** Not awaited at the top level, which a script has not. */
void run()

async function run(): Promise<void> {
  // What waits for something that can no longer come has not succeeded.
  const unfinished = (): void => {
    process.exitCode = FAILURE_EXIT_CODE
    errorOutput.write('whatsappd: ended before it was done\n')
  }
  process.once('beforeExit', unfinished)
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    env: process.env,
    version,
    packageRoot: root,
    signal: interruption.signal,
    onHangUp: hangUp.onRequest,
    write: (text) => output.write(`${text}\n`),
    writeError: (text) => errorOutput.write(`${text}\n`),
    outputFailure: () => output.failure(),
    terminal: process.stdout.isTTY,
    terminalSize: () => {
      const { columns, rows } = process.stdout
      return columns > 0 && rows > 0 ? { columns, rows } : null
    },
    onResize: (listener) => {
      process.stdout.on('resize', listener)
      return () => void process.stdout.off('resize', listener)
    },
    // Asked on stderr, so that a question is never written into a file.
    ask: hasTerminal ? ask : null,
    askText: hasTerminal ? askForText : null,
  })
  process.off('beforeExit', unfinished)
  if (hangUp.isTerminalClosed) {
    // At an exit of its own Node would abort: it cannot restore the settings of the terminal.
    process.removeAllListeners('SIGHUP')
    process.kill(process.pid, 'SIGHUP')
  }
  setTimeout(() => process.exit(), LINGER_MS).unref()
}
