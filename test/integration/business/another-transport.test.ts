import { afterEach, expect, it, vi } from 'vitest'
import { ConversationWindows } from '../../../src/transports/cloud-api/window/conversation-windows.ts'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

let daemon: BusinessDaemon
afterEach(async () => {
  vi.restoreAllMocks()
  await daemon.stop()
})

// An account whose files could not be closed in order once stayed closed, with "starting", until the daemon itself was started again.
it('goes on over another transport also where a part of the first one fails to stop', async () => {
  daemon = await BusinessDaemon.start({ subscribes: false })
  await daemon.untilState('connected')
  const stop = vi.spyOn(ConversationWindows.prototype, 'stop').mockImplementationOnce(() => {
    throw new Error('a part that fails to stop')
  })
  daemon.writeConfig([ALICE], { transport: 'linked-device' })
  const view = await daemon.until('the other transport', () => {
    const account = daemon.account()
    return account.transport === 'linked-device' && account.state === 'unlinked' ? account : null
  })
  expect(view.business).toBe(null)
  expect(stop).toHaveBeenCalledOnce()

  // And back: the lock was given back, and the database is whole.
  daemon.writeConfig([ALICE])
  await daemon.untilState('connected')
  await daemon.platform.subscribe(daemon.number, daemon.callbackUrl)
  daemon.alice.write(daemon.number, 'hello')
  await daemon.untilSeen(daemon.alice, 'hello')
})
