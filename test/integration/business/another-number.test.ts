import { afterEach, beforeEach, expect, it } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

// The account got another number in the config: it was shown as if webhooks had come for it, and people counted as if they had written to it.
let daemon: BusinessDaemon
beforeEach(async () => {
  daemon = await BusinessDaemon.start()
})
afterEach(() => daemon.stop())

const window = () => daemon.accounts.conversations('default').get(ALICE).window
const stepOfWebhook = () => daemon.account().business?.steps.find(({ step }) => step === 'webhook')?.state
const useNumber = async (phoneNumberId: string): Promise<void> => {
  daemon.writeConfig([ALICE], { cloudApi: { ...daemon.cloudApi, phoneNumberId } })
  await daemon.until('the number', () => daemon.account().business?.phoneNumberId === phoneNumberId)
}

it('what belongs to the number is not that of the next one', async () => {
  const { platform, number, alice } = daemon
  alice.write(number, 'hello')
  await daemon.untilSeen(alice, 'hello')
  await daemon.until('the webhook', () => stepOfWebhook() === 'done')
  expect(window()?.state).toBe('open')
  platform.handOver(number, alice, 'agent')
  await daemon.until(
    'held',
    () => daemon.accounts.conversations('default').get(ALICE).assistant.pausedBy === 'app',
  )
  await platform.settled()

  const other = platform.addNumber({
    phoneNumber: '+15550009001',
    name: 'Other',
    app: number.app,
    account: number.account,
  })
  other.token.isRevoked = true
  await useNumber(other.phoneNumberId)
  await daemon.until('the step', () => stepOfWebhook() === 'waiting')
  expect(daemon.account().business?.webhook.lastAt).toBeNull()
  expect(window()).toMatchObject({ state: 'closed', until: null })
  expect(daemon.accounts.conversations('default').get(ALICE).assistant.pausedBy).toBeNull()
  await expect(
    daemon.accounts
      .messages('default')
      .send({ to: ALICE, text: 'too early' }, { author: 'owner', by: 'dashboard', mayForce: false }),
  ).rejects.toMatchObject({ code: 'window_closed' })

  // A restart changes nothing about that.
  await daemon.stopDaemon()
  await daemon.startDaemon()
  expect(window()).toMatchObject({ state: 'closed', until: null })
  // It was the wrong one: what is known of the former number was kept.
  await useNumber(number.phoneNumberId)
  await daemon.until('open again', () => window()?.state === 'open')
})
