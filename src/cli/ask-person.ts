import { createInterface } from 'node:readline/promises'
import { escapeUnprintable } from './escape-unprintable.ts'

/** Asks on the terminal until there is an answer: true for yes only. No answer (Ctrl-C, Ctrl-D) is a no. */
export async function askPerson(question: string, signal: AbortSignal): Promise<boolean> {
  // Not a terminal of its own to readline, so that Ctrl-C stays what it is: a signal to this process.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)))
  try {
    const answer = await Promise.race([
      lines.question(`${escapeUnprintable(question)} [y/N] `, { signal }),
      ended,
    ])
    if (answer === null) {
      // The person's Enter would have ended the line.
      process.stderr.write('\n')
      return false
    }
    return /^\s*y(?:es)?\s*$/i.test(answer)
  } catch (error) {
    if (signal.aborted) return false
    throw error
  } finally {
    lines.close()
    process.stdin.unref()
  }
}
