import { afterEach, expect, it } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

let daemon: BusinessDaemon
afterEach(() => daemon.stop())

const charges = () => daemon.accounts.usage('default').charges(new Date().toISOString().slice(0, 7))
const counted = (): number =>
  (charges()?.categories ?? []).reduce((sum, { charged, free }) => sum + charged + free, 0)
const sent = (): number =>
  daemon.platform.calls.items.filter(({ operation, status }) => operation === 'send' && status === 200).length
const send = (request: object) =>
  daemon.accounts
    .messages('default')
    .send({ to: ALICE, ...request }, { author: 'assistant', by: 'api', mayForce: false })

it('counts each price once: answers, the reaction that says "seen" and its end, whatever WhatsApp repeats', async () => {
  daemon = await BusinessDaemon.start({
    channel: { ackReaction: { emoji: 'eyes', removeAfterReply: true }, sendReadReceipts: true },
    platform: { habits: { duplicateRate: 1 } },
  })
  daemon.platform.faults.repeatsWebhooks = 2
  daemon.alice.write(daemon.number, 'hello')
  await daemon.untilSeen(daemon.alice, 'hello')
  await daemon.until('the reaction taken back', () =>
    daemon.alice.seen(daemon.number).reactions.some(({ emoji }) => emoji === ''),
  )
  await daemon.until('three sends', () => sent() === 3)
  // Also that it was read, and "typing…".
  await daemon.until('a read receipt', () =>
    daemon.platform.calls.items.some(({ operation }) => operation === 'mark-read'),
  )
  await daemon.platform.settled()
  await daemon.until('the prices', () => counted() >= 3)
  await daemon.stopDaemon()
  await daemon.startDaemon()
  daemon.alice.write(daemon.number, 'and again')
  await daemon.untilSeen(daemon.alice, 'and again')
  await daemon.until('all reactions', () => sent() === 6)
  await daemon.platform.settled()
  await daemon.until('the prices', () => counted() >= 6)
  expect(charges()).toEqual({ categories: [{ category: 'service', charged: 6, free: 0 }], freeTierUsed: 6 })
})

it('counts templates by their category, and what is free after an advertisement as free', async () => {
  daemon = await BusinessDaemon.start()
  for (const category of ['UTILITY', 'MARKETING'] as const)
    daemon.platform.addTemplate(daemon.number, {
      name: category.toLowerCase(),
      category,
      components: [{ type: 'BODY', text: `A template, ${category}.` }],
    })
  await send({ template: { name: 'utility' } })
  await send({ template: { name: 'marketing' } })
  await daemon.until('both', () => counted() === 2)
  daemon.alice.write(daemon.number, 'I saw your advertisement', {
    referral: { source_type: 'ad', source_id: '1', source_url: 'https://fb.me/1' },
  })
  await daemon.untilSeen(daemon.alice, /I saw your advertisement/)
  await daemon.until('the answer', () => counted() === 3)
  expect(charges()).toEqual({
    categories: [
      { category: 'marketing', charged: 1, free: 0 },
      { category: 'referral_conversion', charged: 0, free: 1 },
      { category: 'utility', charged: 1, free: 0 },
    ],
    freeTierUsed: 0,
  })
})
