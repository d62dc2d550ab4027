import { isatty } from 'node:tty'
import { runCommandLine } from './cli/command-line.ts'
import { INTERRUPTED_EXIT_CODE } from './cli/command-failure.ts'
import { packageInfo } from './cli/package-info.ts'

/** How long something may keep the process alive after its command is done. */
const LINGER_MS = 500

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second signal ends the process at once.
    if (interruption.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE)
    interruption.abort()
  })
}
// Output into a closed pipe ("whatsappd status | head -1") is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const { root, version } = packageInfo()
const ask = async (question: string): Promise<boolean> => {
  const { askPerson } = await import('./cli/ask-person.ts')
  return askPerson(question, interruption.signal)
}
process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: process.env,
  version,
  packageRoot: root,
  signal: interruption.signal,
  write: (text) => void process.stdout.write(`${text}\n`),
  writeError: (text) => void process.stderr.write(`${text}\n`),
  terminal: process.stdout.isTTY,
  // Asked on stderr, so that a question is never written into a file.
  ask: isatty(0) && isatty(2) ? ask : null,
})
setTimeout(() => process.exit(), LINGER_MS).unref()
