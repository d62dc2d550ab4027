import { afterEach, describe, expect, it } from 'vitest'
import { createDaemon } from '../../src/daemon.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { AccountFiles } from '../support/account-files.ts'
import { otherUser } from '../support/other-user.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

// After a run with sudo, or in a container with another user, the files belong to somebody else.
describe('what belongs to another user', () => {
  let stack: Stack
  afterEach(async () => {
    otherUser.end()
    await stack.stop()
  })

  const refusal = {
    state: 'storage_error',
    reason: {
      code: 'storage_permissions',
      message: expect.stringMatching(/belongs to user \d+, not to \d+/),
      action: expect.stringContaining('owned by the user that runs whatsappd'),
    },
  }

  // An ordinary user cannot give anything away, and takes what the system has.
  const givenAway: [name: string, pathOf: (files: AccountFiles) => string][] = [
    ['directory', ({ directory }) => directory],
    ['database', ({ file }) => file],
  ]
  for (const [name, pathOf] of otherUser.isRoot ? givenAway : [])
    it(`an account's ${name}: named, left alone, and used once it is given back`, async () => {
      stack = await Stack.start()
      await stack.link()
      await stack.stopDaemon()
      const files = new AccountFiles(stack.stateDir)
      const before = files.bytes()
      otherUser.begin(stack.directory)
      otherUser.give(pathOf(files), 'other')
      await stack.startDaemon()
      expect(stack.account()).toMatchObject(refusal)
      await expect(stack.accounts.link('default', { method: 'qr' })).rejects.toMatchObject({
        code: 'storage_error',
      })
      expect(stack.simulator.connections).toHaveLength(0)
      otherUser.end()
      expect(files.bytes()).toEqual(before)
      otherUser.give(pathOf(files), 'back')
      await stack.untilState('connected')
      expect(stack.owner.companions).toHaveLength(1)
      await stack.alice.sendText(OWNER, 'mine again')
      await stack.alice.waitForText('mine again')
    })

  it('is refused as the place of an account', async () => {
    stack = await Stack.start()
    await stack.stopDaemon()
    otherUser.begin(stack.directory)
    stack.writeConfig([ALICE], { authDir: otherUser.systemDirectory() })
    await stack.startDaemon()
    expect(stack.account()).toMatchObject(refusal)
  })

  it('is refused as the state directory: the daemon does not start, and says why', async () => {
    stack = await Stack.start()
    await stack.stopDaemon()
    otherUser.begin(stack.directory)
    const stateDir = otherUser.systemDirectory()
    const daemon = createDaemon({
      configPath: stack.configPath,
      stateDir,
      env: {},
      logger: createLogger({ level: 'silent' }),
      version: '0.0.0-test',
      listen: { port: 0 },
    })
    await expect(daemon.start()).rejects.toMatchObject({
      reason: 'storage_permissions',
      detail: expect.stringContaining(`${stateDir} belongs to user`),
    })
  })
})
