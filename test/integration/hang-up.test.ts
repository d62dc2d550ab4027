import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BUILT_MAIN } from '../support/command-line.ts'

// A terminal is closed, an ssh session ends, an administrator sends SIGHUP to have a file read again.

let directory: string
let address: string
const leftovers: (() => void)[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'whatsappd-hang-up-'))
  address = join(directory, 'state/daemon.json')
  writeFileSync(join(directory, 'sandbox.config.json5'), '{ channels: { whatsapp: { allowFrom: [] } } }')
})

afterEach(() => {
  for (const kill of leftovers.splice(0)) kill()
  rmSync(directory, { recursive: true, force: true })
})

/** A daemon, started by `program` with what the shell command `before` prepares. */
function start(program: string, script: string) {
  const child = spawn(program, ['-c', script, 'x', BUILT_MAIN, '--port', '0'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory, WHATSAPPD_STATE_DIR: join(directory, 'state') },
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (log += chunk))
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
  leftovers.push(() => child.kill('SIGKILL'))
  return { child, exit, log: () => log }
}

const untilServing = (): Promise<void> => expect.poll(() => existsSync(address)).toBe(true)

describe('SIGHUP', () => {
  it('has the config read again, and ends nothing', async () => {
    const daemon = start('sh', 'exec "$1" run "$2" "$3"')
    await untilServing()
    daemon.child.kill('SIGHUP')
    await expect.poll(() => daemon.log()).toContain('the config file is read again')
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
  })

  it('stays ignored under nohup', async () => {
    const daemon = start('sh', 'trap "" HUP; exec "$1" run "$2" "$3"')
    await untilServing()
    // Handled in the order in which they arrive.
    daemon.child.kill('SIGHUP')
    daemon.child.kill('SIGHUP')
    await new Promise((resolve) => setImmediate(resolve))
    daemon.child.kill('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(daemon.log()).not.toContain('read again')
  })

  /** Gives the command a terminal, waits for a line, and closes the terminal. */
  const IN_TERMINAL = `python3 -c '
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
sys.stdin.readline()
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
'`

  it('ends a daemon in order whose terminal is closed', async () => {
    const terminal = start('sh', `exec ${IN_TERMINAL} "$1" run "$2" "$3"`)
    await untilServing()
    terminal.child.stdin.write('\n')
    expect(await terminal.exit).toBe(0)
    // By the signal itself, as programs do; not by an abort of Node.
    expect(terminal.log()).toBe('-1\n')
    // What an orderly stop removes.
    expect(existsSync(address)).toBe(false)
  })

  it('does not end one that was started there with nohup', async () => {
    const terminal = start('sh', `exec ${IN_TERMINAL} nohup "$1" run "$2" "$3"`)
    await untilServing()
    const { pid } = JSON.parse(readFileSync(address, 'utf8')) as { pid: number }
    terminal.child.stdin.write('\n')
    // The terminal is gone when the process hears of it; one that would end does so within the time of an answer or two.
    await expect.poll(() => terminal.child.stdin.writableLength).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(terminal.log()).toBe('')
    process.kill(pid, 'SIGTERM')
    await terminal.exit
    expect(terminal.log()).toBe('0\n')
  })
})
