import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BusinessStage } from './business-stage.ts'
import { CallbackServer } from './callback-server.ts'

describe('webhooks of the simulated Graph API', () => {
  let stage: BusinessStage
  beforeEach(async () => {
    stage = await BusinessStage.start({ habits: { retryDelaysMs: [0, 5, 10] } })
  })
  afterEach(() => stage.stop())

  it('signs the bytes, which are ASCII alone', async () => {
    stage.alice.write(stage.number, 'Grüße 🌍 a/b')
    await stage.platform.settled()
    const [webhook] = stage.callback.received
    if (webhook === undefined) throw new Error('none came')
    expect(webhook.raw).toContain(String.raw`Gr\u00fc\u00dfe \ud83c\udf0d a\/b`)
    expect(CallbackServer.isSigned(webhook, stage.number.appSecret)).toBe(true)
    expect(webhook.headers['x-hub-signature']).toMatch(/^sha1=[0-9a-f]{40}$/)
    expect(stage.callback.messages).toMatchObject([{ type: 'text', text: { body: 'Grüße 🌍 a/b' } }])
  })

  it.each(['missing', 'wrong', 'sha1-only', 're-serialised', 'truncated', 'empty'] as const)(
    'can sign badly: %s',
    async (fault) => {
      stage.platform.faults.signature = fault
      stage.alice.write(stage.number, 'Grüße')
      await stage.platform.settled()
      const [webhook] = stage.callback.received
      if (webhook === undefined) throw new Error('none came')
      expect(CallbackServer.isSigned(webhook, stage.number.appSecret)).toBe(false)
    },
  )

  it('brings everything again that was not answered with 200, in one batch, and nothing is missing', async () => {
    let refusals = 3
    stage.callback.status = () => (refusals-- > 0 ? 503 : 200)
    const ids = Array.from({ length: 1_200 }, (_, index) => stage.alice.write(stage.number, `${index}`).id)
    await stage.platform.settled()
    expect(new Set(stage.callback.messages.map(({ id }) => id))).toEqual(new Set(ids))
    const sizes = stage.platform.webhooks.items.map(({ updates }) => updates)
    expect(Math.max(...sizes)).toBeGreaterThan(100)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000)
  })

  it('comes a second time now and then, and in any order', async () => {
    stage.platform.habits.duplicateRate = 0.5
    const ids = Array.from({ length: 60 }, (_, index) => stage.alice.write(stage.number, `${index}`).id)
    await stage.platform.settled()
    await expect.poll(() => stage.callback.messages.length).toBeGreaterThan(ids.length)
    const came = stage.callback.messages.map(({ id }) => id)
    expect(came.slice(0, ids.length)).not.toEqual(ids)
  })

  it('holds webhooks back, and lets them go together', async () => {
    stage.platform.faults.holdsWebhooks = true
    for (let count = 0; count < 20; count++) stage.alice.write(stage.number, `${count}`)
    await expect.poll(() => stage.platform.webhooks.items.length).toBe(0)
    stage.platform.faults.releaseWebhooks()
    await stage.platform.settled()
    expect(stage.callback.messages).toHaveLength(20)
  })

  it('asks for the challenge, and takes no callback address that does not know the token', async () => {
    stage.callback.verifyToken = 'another'
    await expect(stage.platform.subscribe(stage.number, stage.callback.url)).rejects.toMatchObject({
      code: 2200,
    })
  })

  it('names who wrote by id always, and by number only where Meta shows it', async () => {
    const { platform, number, callback } = stage
    const carla = platform.addPerson({ name: 'Carla', username: 'carla.b' })
    carla.write(number, 'hidden')
    await platform.settled()
    const userId = carla.userIdFor(number.account.portfolio)
    expect(callback.values.at(-1)?.contacts).toEqual([
      { profile: { name: 'Carla', username: 'carla.b' }, user_id: userId },
    ])
    expect(callback.messages.at(-1)).toMatchObject({ from_user_id: userId })
    expect(callback.messages.at(-1)).not.toHaveProperty('from')
    // Who was written to under the number is known by it.
    await stage.text('hello', { to: carla.phoneNumber })
    carla.write(number, 'shown')
    await platform.settled()
    expect(callback.messages.at(-1)?.from).toBe(carla.waId)
    platform.faults.hidesNumbers = true
    stage.alice.write(number, 'hidden by a fault')
    await platform.settled()
    expect(callback.messages.at(-1)).not.toHaveProperty('from')
  })

  it('tells a changed number with the old id and without contacts', async () => {
    const { alice, number, platform, callback } = stage
    alice.write(number, 'hello')
    const former = alice.userIdFor(number.account.portfolio)
    alice.changeNumber('+15550000077')
    await platform.settled()
    const value = callback.values.find(({ messages }) => messages?.[0]?.type === 'system')
    expect(value).not.toHaveProperty('contacts')
    expect(value?.messages?.[0]).toMatchObject({
      from: '15550000002',
      from_user_id: former,
      system: {
        type: 'user_changed_number',
        wa_id: '15550000077',
        user_id: alice.userIdFor(number.account.portfolio),
        previous_user_id: former,
      },
    })
  })

  it('carries files, places, contacts, reactions, edits, deletions and what nobody knows', async () => {
    const { alice, number, platform, callback } = stage
    const written = alice.write(number, 'first')
    alice.sendFile(number, { kind: 'voice', data: Buffer.from('x') })
    alice.sendLocation(number, { latitude: 48.2, longitude: 16.3, name: 'Vienna' })
    alice.sendContacts(number, [{ name: 'Bert', phoneNumbers: ['+15550000004'] }])
    alice.react(number, written, '👍')
    alice.edit(number, written, 'second')
    alice.revoke(number, written)
    alice.sendUnsupported(number)
    alice.send(number, 'hologram', { depth: 3 })
    await platform.settled()
    const types = callback.messages.map(({ type }) => type).toSorted()
    expect(types).toEqual([
      'audio',
      'contacts',
      'edit',
      'hologram',
      'location',
      'reaction',
      'revoke',
      'text',
      'unsupported',
    ])
    expect(callback.messages.find(({ type }) => type === 'audio')).toMatchObject({ audio: { voice: true } })
    stage.clock.now += 15 * 60_000 + 1
    expect(() => alice.edit(number, written, 'third')).toThrow(/15 minutes/)
  })

  it("brings what the owner writes in the Business app as echoes, and the Business Agent's chats as standby", async () => {
    const { alice, number, platform, callback } = stage
    number.state.isOnBusinessApp = true
    alice.write(number, 'hello')
    const echo = platform.businessApp(number).write(alice, 'by hand')
    await platform.settled()
    expect(callback.values.flatMap((value) => value['message_echoes'] ?? [])).toMatchObject([
      { id: echo.id, from: '15550009000', to: '15550000002', text: { body: 'by hand' } },
    ])
    platform.handOver(number, alice, 'agent')
    alice.write(number, 'to the agent')
    await platform.settled()
    const fields = callback.received.flatMap(({ body }) =>
      body.entry.flatMap(({ changes }) => changes.map(({ field }) => field)),
    )
    expect(fields).toEqual(expect.arrayContaining(['smb_message_echoes', 'messaging_handovers', 'standby']))
  })

  it('sends nothing to an app that is in development, not subscribed, or has not chosen the field', async () => {
    const { alice, number, platform, callback } = stage
    number.app.isLive = false
    alice.write(number, '1')
    number.app.isLive = true
    number.app.fields.delete('messages')
    alice.write(number, '2')
    number.app.fields.add('messages')
    number.account.subscribedApps.clear()
    alice.write(number, '3')
    await platform.settled()
    expect(callback.received).toEqual([])
  })
})
