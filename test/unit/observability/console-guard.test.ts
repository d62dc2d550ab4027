import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { installConsoleGuard } from '../../../src/observability/console-guard.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'

const SCRIPT = new URL('../../support/print-sessions.ts', import.meta.url)

/** In a process of its own, so that everything on its real stdout and stderr is seen. */
async function printSessions(...arguments_: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    fileURLToPath(SCRIPT),
    ...arguments_,
  ])
  return stdout + stderr
}

describe('installConsoleGuard', () => {
  test('is needed: libsignal prints private keys of a session that it closes', async () => {
    const output = await printSessions()
    expect(output).toContain('Closing session')
    expect(output).toContain('privKey')
  })

  test('keeps them off stdout and stderr, and counts them by a word', async () => {
    const output = await printSessions('guarded')
    expect(output).not.toMatch(/Closing session|privKey|rootKey|<Buffer|15551230101/)
    const [counts = '{}'] = output.split('\n').filter((line) => line.startsWith('{"counts"'))
    expect(JSON.parse(counts)).toEqual({ counts: { session_closed: 1, decrypt_failed: 1, session_error: 2 } })
    expect(output).toContain('"output":"session_closed"')
  })

  test('holds back every console method, logs at doubling intervals, gives the console back', () => {
    const lines: string[] = []
    const logger = createLogger({
      level: 'debug',
      format: 'json',
      destination: { write: (line) => void lines.push(line) },
    })
    const { log, table } = console
    const guard = installConsoleGuard(logger)
    for (let index = 0; index < 100; index++) console.log('Session error: secret', { privKey: 'secret' })
    console.table([{ secret: 'secret' }])
    console.assert(true, 'secret')
    console.assert(false, 'secret')
    guard.uninstall()
    expect(Object.fromEntries(guard.counts)).toEqual({ session_error: 100, other: 2 })
    expect(lines).toHaveLength(7 + 2)
    expect(lines.join('')).not.toContain('secret')
    expect([console.log, console.table]).toEqual([log, table])
  })
})
