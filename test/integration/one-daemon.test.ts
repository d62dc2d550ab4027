import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createDaemon } from '../../src/daemon.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { OWNER, Stack } from '../support/stack.ts'

// A second daemon on the same files would number the same events twice and take the first one's address with it.
describe('a second daemon on the same state directory', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it('is refused by name, and leaves the first one whole', async () => {
    stack = await Stack.start()
    await stack.link()
    const second = createDaemon({
      configPath: stack.configPath,
      stateDir: stack.stateDir,
      env: {},
      logger: createLogger({ level: 'silent' }),
      version: '0.0.0-test',
      listen: { port: 0 },
    })
    await expect(second.start()).rejects.toMatchObject({ code: 'owner_busy' })
    await expect(second.start()).rejects.toThrow(String(process.pid))
    await second.stop()
    const info: unknown = JSON.parse(readFileSync(join(stack.stateDir, 'daemon.json'), 'utf8'))
    expect(info).toMatchObject({ pid: process.pid })
    expect(existsSync(join(stack.stateDir, 'token'))).toBe(true)
    await stack.alice.sendText(OWNER, 'still there')
    await stack.alice.waitForText('still there')
  })
})
