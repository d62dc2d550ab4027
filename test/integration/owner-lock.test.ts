import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { OWNER, Stack } from '../support/stack.ts'

/** The promise for a takeover is 10 s on an idle machine. */
const TAKEOVER_MS = 30_000

/** Two daemons, each with a state directory of its own, and one directory for the account. */
describe('an account directory that another daemon uses', () => {
  let stack: Stack
  let other: CommandLine
  let otherPid = 0
  beforeEach(async () => {
    stack = await Stack.start({ channel: { authDir: './shared' } })
    await stack.link()
    await stack.stopDaemon()
    const stateDir = join(stack.directory, 'other')
    mkdirSync(stateDir, { mode: 0o700 })
    other = new CommandLine(['run', '--config', stack.configPath, '--state-dir', stateDir, '--port', '0'])
    await other.waitFor(/default: connected/)
    const info = JSON.parse(readFileSync(join(stateDir, 'daemon.json'), 'utf8')) as { pid: number }
    otherPid = info.pid
    await stack.startDaemon()
  })
  afterEach(async () => {
    await other.end()
    await stack.stop()
  })

  it('is taken over in time when that one is killed', async () => {
    const { reason } = await stack.untilState('owner_busy')
    expect(reason?.message).toContain(`held by process ${otherPid}`)
    expect(stack.simulator.connections).toHaveLength(1)
    other.signal('SIGKILL')
    await stack.untilState('connected', TAKEOVER_MS)
    await stack.alice.sendText(OWNER, 'who survived')
    await stack.alice.waitForText('who survived')
    expect(stack.simulator.maxSimultaneousConnections(OWNER)).toBe(1)
  })

  it.each(['link', 'logout'])('is not touched by "whatsappd %s", which names that one', async (command) => {
    const { code, stderr } = await CommandLine.run([command, '--state-dir', stack.stateDir])
    expect(code).toBe(1)
    expect(stderr).toContain(`held by process ${otherPid}`)
    expect(stack.owner.companions).toHaveLength(1)
    expect(stack.simulator.connections).toHaveLength(1)
  })
})
