import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { EditJournal } from '../../src/config/file/edit-journal.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { BindMount } from '../support/bind-mount.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, MALLORY, OWNER, Stack } from '../support/stack.ts'

const obstacle = BindMount.obstacle()
if (obstacle !== null)
  console.warn(`no test of mounted config files, which need the right to mount: ${obstacle}`)

let stack: Stack
let mount: BindMount | null = null
afterEach(async () => {
  await stack.stopDaemon()
  mount?.unmount()
  mount = null
  await stack.stop()
})

describe.runIf(obstacle === null)('a config that is mounted as one file, and was replaced outside', () => {
  // Who was removed outside stayed allowed, and nothing said so.
  it('is told by event, status and log, and who is removed after a new start is not answered any more', async () => {
    let log = ''
    const logger = createLogger({
      level: 'info',
      format: 'json',
      destination: { write: (line) => void (log += line) },
    })
    stack = await Stack.start({ allowFrom: [ALICE, MALLORY], logger })
    await stack.link()
    await stack.stopDaemon()
    const outside = join(stack.directory, 'outside.json5')
    writeFileSync(outside, stack.readConfig())
    mount = new BindMount(outside, stack.configPath)
    mount.mount()
    await stack.startDaemon()
    await stack.untilState('connected')
    writeFileSync(`${outside}.new`, readFileSync(outside, 'utf8').replace(MALLORY, OWNER))
    renameSync(`${outside}.new`, outside)
    expect(await stack.untilEvent('config.rejected')).toMatchObject({ code: 'replaced_outside' })
    const { stdout } = await CommandLine.run(['status', '--state-dir', stack.stateDir])
    expect(stdout).toContain(
      `not in force: The config file ${stack.configPath} was moved or replaced outside`,
    )
    expect(stdout).toContain('Restart the container')
    expect(log).toContain('replaced_outside')
    // As a restart of the container does it.
    await stack.stopDaemon()
    mount.unmount()
    mount.mount()
    await stack.startDaemon()
    const status = await CommandLine.run(['status', '--state-dir', stack.stateDir])
    expect(status.stdout).not.toContain('not in force')
    expect(status.stdout).not.toContain(MALLORY)
  })
})

describe('an edit in place that a crash interrupted', () => {
  it('is finished when the daemon starts', async () => {
    stack = await Stack.start({ allowFrom: [ALICE, MALLORY] })
    await stack.stopDaemon()
    const before = stack.readConfig()
    const after = before.replace(`,\n        "${MALLORY}"`, '')
    expect(after).not.toBe(before)
    const journal = new EditJournal(stack.stateDir, stack.configPath)
    writeFileSync(journal.path, after, { mode: 0o600 })
    stack.writeRawConfig(`\0${after.slice(1, 40)}${before.slice(40)}`)
    await stack.startDaemon()
    expect(stack.readConfig()).toBe(after)
    expect(existsSync(journal.path)).toBe(false)
    const { stdout } = await CommandLine.run(['status', '--state-dir', stack.stateDir])
    expect(stdout).toContain(`may talk (allowlist): ${ALICE}\n`)
  })
})
