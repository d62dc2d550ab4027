import { spawn, type StdioOptions } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { BUILT_MAIN } from '../support/command-line.ts'

// The disk of the log is full, or what reads the output has ended: that stops neither a command nor the daemon.

type Surrounding = 'full' | 'closed' | 'read'

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

let directory: string
let stateDir: string
let full: number

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-outputs-'))
  stateDir = join(directory, 'state')
  full = openSync('/dev/full', 'w')
})

afterAll(() => {
  closeSync(full)
  rmSync(directory, { recursive: true, force: true })
})

const stdioOf = (surrounding: Surrounding): number | 'pipe' => (surrounding === 'full' ? full : 'pipe')

function start(arguments_: readonly string[], stdout: Surrounding, stderr: Surrounding) {
  const stdio: StdioOptions = ['ignore', stdioOf(stdout), stdioOf(stderr)]
  const child = spawn(process.execPath, [BUILT_MAIN, ...arguments_], {
    env: { PATH: process.env['PATH'], HOME: directory, WHATSAPPD_STATE_DIR: stateDir },
    cwd: directory,
    stdio,
  })
  const ended: Ended = { code: null, signal: null, stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    if ({ stdout, stderr }[name] === 'closed') child[name]?.destroy()
    else child[name]?.setEncoding('utf8').on('data', (chunk: string) => (ended[name] += chunk))
  }
  const exit = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ ...ended, code, signal })),
  )
  return { child, exit }
}

const run = (arguments_: readonly string[], stdout: Surrounding, stderr: Surrounding) =>
  start(arguments_, stdout, stderr).exit

/** Waits for the daemon's own file: nothing that it prints can be read. */
async function untilServing(): Promise<void> {
  await vi.waitFor(() => expect(existsSync(join(stateDir, 'daemon.json'))).toBe(true), { timeout: 60_000 })
}

/** Every command, in a form that ends by itself and changes nothing that another one needs. */
const COMMANDS: readonly string[][] = [
  ['--version'],
  ['--help'],
  ['no-such-command'],
  ['status'],
  ['status', '--json'],
  ['accounts'],
  ['open', '--print'],
  ['outbox', 'list'],
  ['token'],
  ['link'],
  ['logout', '--yes'],
  ['backup', '/proc/none/copy.db'],
  ['restore', '/proc/none/copy.db'],
  ['run', '--port', 'none'],
  ['demo', '--port', 'none'],
]

describe('output that cannot be written', () => {
  let daemon: ReturnType<typeof start>
  beforeAll(async () => {
    // Nobody may talk: a command that would link is refused at once.
    const path = join(directory, 'sandbox.config.json5')
    writeFileSync(
      path,
      '{ whatsappd: { log: { level: "debug" } }, channels: { whatsapp: { allowFrom: [] } } }',
    )
    daemon = start(['run', '--config', path, '--port', '0'], 'full', 'full')
    await untilServing()
  })
  afterAll(async () => {
    daemon.child.kill('SIGTERM')
    // An orderly stop, with the log lost from the first line to the last.
    expect(await daemon.exit).toMatchObject({ code: 0, signal: null })
  })

  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'is no crash of whatsappd %s',
    async (_name, arguments_) => {
      const [usual, fullOutput, fullErrors, closedOutput, closedErrors] = await Promise.all([
        run(arguments_, 'read', 'read'),
        run(arguments_, 'full', 'read'),
        run(arguments_, 'read', 'full'),
        run(arguments_, 'closed', 'read'),
        run(arguments_, 'read', 'closed'),
      ])
      expect(usual.signal).toBeNull()
      // A script must not take an empty file for an answer.
      const printed = usual.stdout !== ''
      expect(fullOutput.code).toBe(printed && usual.code === 0 ? 1 : usual.code)
      if (printed)
        expect(fullOutput.stderr).toContain('whatsappd: the output could not be written: the disk is full\n')
      expect(fullOutput.stderr).not.toMatch(/^\s+at |Node\.js v/m)
      // The reader has what it wanted, as with "| head -1".
      expect({ ...closedOutput, stdout: '' }).toEqual({ ...usual, stdout: '' })
      for (const { code, signal } of [fullErrors, closedErrors])
        expect({ code, signal }).toEqual({ code: usual.code, signal: null })
    },
  )

  it('is told by the status of a daemon whose log is lost', async () => {
    const { code, stdout } = await run(['status'], 'read', 'read')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^log {5}\d+ lines? (?:is|are) missing.*: the disk that holds it is full/m)
    const { daemon: facts } = JSON.parse((await run(['status', '--json'], 'read', 'read')).stdout) as {
      daemon: { log: { code: string } }
    }
    expect(facts.log.code).toBe('ENOSPC')
  })
})
