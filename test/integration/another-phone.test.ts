import { afterEach, describe, expect, it } from 'vitest'
import { OWNER, Stack } from '../support/stack.ts'

const OTHER_OWNER = '+15550000077'

// Replies that were queued for one account must not go out from another person's number.
describe('an account that is linked to another phone', () => {
  let stack: Stack
  afterEach(() => stack.stop())

  it.each(['disconnect', 'removal on the phone'] as const)(
    'does not speak for the former owner after a %s',
    async (how) => {
      stack = await Stack.start({ channel: { pace: { perMinute: 1, perHour: 60 } } })
      stack.simulator.createPhone({ phoneNumber: OTHER_OWNER, name: 'Another' })
      await stack.link()
      for (const text of ['one', 'two', 'three']) await stack.alice.sendText(OWNER, text)
      await stack.until('three replies', () => stack.published('message.queued').length === 3)
      if (how === 'disconnect') await stack.accounts.disconnect('default')
      else await stack.owner.removeCompanion()
      await stack.until('the end of the link', () => !stack.account().linked)
      const { qr } = await stack.qr()
      await stack.phone(OTHER_OWNER).scan(qr)
      await stack.untilState('connected')
      await stack.until('the queued replies to fail', () => stack.published('message.failed').length >= 2)
      const codes = stack.published('message.failed').map(({ code }) => code)
      expect(new Set(codes)).toEqual(new Set(['account_changed']))
      const fromOther = stack.alice.received.filter(({ from }) => from !== stack.owner.phoneNumber)
      expect(fromOther).toEqual([])
    },
  )
})
