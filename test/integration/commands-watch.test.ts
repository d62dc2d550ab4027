import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

describe('status --watch', () => {
  let stack: Stack
  const commands: CommandLine[] = []
  const environment = (more: NodeJS.ProcessEnv = {}) => ({ WHATSAPPD_STATE_DIR: stack.stateDir, ...more })
  const keep = (command: CommandLine): CommandLine => {
    commands.push(command)
    return command
  }

  beforeEach(async () => {
    commands.length = 0
    stack = await Stack.start()
  })
  afterEach(async () => {
    for (const command of commands) await command.end()
    await stack.stop()
  })

  it('prints a line for each change where nobody looks at a screen, and waits for a daemon that stops', async () => {
    const watch = keep(new CommandLine(['status', '--watch'], environment()))
    await watch.waitFor(/^\S+Z default: unlinked\./m)
    await stack.link()
    await watch.waitFor(new RegExp(`^\\S+Z default: connected as \\${OWNER}`, 'm'))
    stack.writeConfig([ALICE], { dmPolicy: 'friends' })
    await watch.waitFor(/^\S+Z config: not in force: channels\.whatsapp\.dmPolicy/m)
    stack.writeConfig([ALICE])
    await watch.waitFor(/not in force[^]*^\S+Z config: in force/m)
    await stack.stopDaemon()
    await watch.waitFor(/^\S+Z the daemon does not run; waiting for it$/m)
    await stack.startDaemon()
    await watch.waitFor(/waiting for it\n[^]*^\S+Z default: connected/m)
    expect(watch.stdout).not.toContain('\u001b')
    watch.signal('SIGINT')
    expect(await watch.exit).toBe(0)
    expect(watch.stderr).toBe('')
    const lines = watch.stdout.trim().split('\n')
    expect(new Set(lines).size).toBe(lines.length)
  })

  it('redraws the screen of a terminal within its size, and gives it back', async () => {
    const watch = keep(CommandLine.inTerminal(['status', '--watch'], environment(), { columns: 40, rows: 9 }))
    await watch.waitFor(/default: unlinked/)
    // The second screen, the cursor hidden.
    expect(watch.stdout.startsWith('\u001b[?1049h\u001b[?25l\u001b[H')).toBe(true)
    await stack.link()
    await watch.waitFor(/default: connected/)
    const frames = watch.stdout.split('\u001b[H').slice(1)
    expect(frames.length).toBeGreaterThan(1)
    for (const frame of frames) {
      const lines = stripVTControlCharacters(frame).split(/\r?\n/)
      expect(lines.length).toBeLessThanOrEqual(9)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40)
    }
    expect(watch.stdout).toContain('more lines')
    watch.type('\x03')
    expect(await watch.exit).toBe(0)
    expect(watch.stdout).toContain('\u001b[?25h\u001b[?1049l')
  })

  it('prints one JSON object for each change', async () => {
    const watch = keep(new CommandLine(['status', '--watch', '--json'], environment()))
    await watch.waitFor(/"state":"unlinked"/)
    await stack.link()
    await watch.waitFor(/"state":"connected"/)
    await stack.stopDaemon()
    await watch.waitFor(/^\{"daemon":null\}$/m)
    for (const line of watch.stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('daemon')
  })

  it('moves no cursor on a terminal that has none', async () => {
    const watch = keep(CommandLine.inTerminal(['status', '--watch'], environment({ TERM: 'dumb' })))
    await watch.waitFor(/default: unlinked/)
    expect(watch.stdout).not.toContain('\u001b')
  })

  it('ends at once where no daemon runs at the beginning', async () => {
    await stack.stopDaemon()
    const { code, stderr } = await CommandLine.run(['status', '--watch'], environment())
    expect([code, stderr]).toEqual([1, expect.stringContaining('no daemon is running')])
  })
})
