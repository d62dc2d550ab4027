import { renameSync } from 'node:fs'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ALICE } from '../../../conversations/desk.ts'
import { envelope, escaped, InboundDesk, SECRET, signatureOf } from '../inbound-desk.ts'

type Headers = Record<string, string>

const sha1 = (body: Buffer): string => `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`
const flipped = (signature: string): string => signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0')

describe('what is posted to a Business number', () => {
  it.each<[string, (body: Buffer) => Headers, number, (body: Buffer) => Buffer]>([
    [
      'with the right signature',
      (body) => ({ 'x-hub-signature-256': signatureOf(body) }),
      200,
      (body) => body,
    ],
    [
      'in capitals',
      (body) => ({ 'x-hub-signature-256': `SHA256=${signatureOf(body).slice(7).toUpperCase()}` }),
      200,
      (body) => body,
    ],
    ['without one', () => ({}), 401, (body) => body],
    ['with an empty one', () => ({ 'x-hub-signature-256': '' }), 401, (body) => body],
    [
      'with a wrong one',
      (body) => ({ 'x-hub-signature-256': flipped(signatureOf(body)) }),
      401,
      (body) => body,
    ],
    ['with SHA-1 alone', (body) => ({ 'x-hub-signature': sha1(body) }), 401, (body) => body],
    ['with SHA-1 in its place', (body) => ({ 'x-hub-signature-256': sha1(body) }), 401, (body) => body],
    [
      'with the signature of another secret',
      (body) => ({ 'x-hub-signature-256': signatureOf(body, 'other') }),
      401,
      (body) => body,
    ],
    [
      'with a signature that is cut',
      (body) => ({ 'x-hub-signature-256': signatureOf(body).slice(0, -2) }),
      401,
      (body) => body,
    ],
    [
      'with two, as a server that joins headers hands them over',
      (body) => ({ 'x-hub-signature-256': `${signatureOf(body)}, ${signatureOf(body)}` }),
      401,
      (body) => body,
    ],
    [
      'with the signature of the same JSON in other bytes',
      (body) => ({ 'x-hub-signature-256': signatureOf(body) }),
      401,
      (body) => Buffer.from(JSON.stringify(JSON.parse(body.toString()))),
    ],
    [
      'and cut on its way',
      (body) => ({ 'x-hub-signature-256': signatureOf(body) }),
      401,
      (body) => body.subarray(0, -1),
    ],
  ])('%s is answered so, and counts only then', async (_case, headersOf, status, changed) => {
    const desk = new InboundDesk()
    const body = escaped(envelope(desk.text('grüß dich')))
    const answer = await desk.postRaw(changed(body), { headers: headersOf(body) })
    await desk.inbound.settled()
    expect(answer.status).toBe(status)
    expect(desk.named('message.received')).toHaveLength(status === 200 ? 1 : 0)
    const { refused, lastRefusal } = desk.inbound.webhook.health
    expect([refused, lastRefusal === null]).toEqual(status === 200 ? [0, true] : [1, false])
    if (status === 200) expect(desk.texts(ALICE)).toContain('grüß dich')
  })

  it('is not read where its header can be no signature', () => {
    const desk = new InboundDesk()
    const refusal = (signature: string): number | undefined =>
      desk.inbound.webhook.refusal({ headers: { 'x-hub-signature-256': signature }, pathSecret: null })
        ?.status
    expect(refusal('x')).toBe(401)
    expect(refusal(`sha256=${'0'.repeat(64)}`)).toBe(undefined)
  })

  it('counts under either of two secrets while one is replaced, and under neither that is gone', async () => {
    const desk = new InboundDesk()
    const { credentials } = desk
    if (credentials === null) throw new Error('no credentials')
    const statuses = async (): Promise<number[]> => {
      const body = escaped(envelope(desk.text('hi')))
      const post = (secret: string) =>
        desk.postRaw(body, { headers: { 'x-hub-signature-256': signatureOf(body, secret) } })
      return [(await post(SECRET)).status, (await post('next')).status]
    }
    desk.credentials = { ...credentials, appSecrets: [SECRET, 'next'] }
    expect(await statuses()).toEqual([200, 200])
    desk.credentials = { ...credentials, appSecrets: ['next'] }
    expect(await statuses()).toEqual([401, 200])
    desk.credentials = { ...credentials, appSecrets: [] }
    expect(await statuses()).toEqual([403, 403])
    expect(desk.inbound.webhook.health.lastRefusal?.why).toContain('cloudApi.appSecret')
  })

  it('means nothing when it comes again, also after its message was pruned, for eight days', async () => {
    const desk = new InboundDesk()
    const body = envelope(desk.text('once'))
    await desk.post(body)
    await Promise.all([desk.post(body), desk.post(body)])
    await desk.until(() => desk.transport.sent.length > 0)
    desk.database.prepare('DELETE FROM inbox').run()
    desk.aheadMs = 7 * 86_400_000
    desk.inbound.start()
    await desk.post(body)
    await desk.settle()
    expect(desk.named('message.received')).toHaveLength(1)
    expect(desk.transport.texts()).toEqual(['once'])
  })

  it('comes again where the number is not known yet, and where nothing more can wait', async () => {
    const desk = new InboundDesk()
    const { credentials } = desk
    if (credentials === null) throw new Error('no credentials')
    desk.credentials = { ...credentials, phoneNumberId: '' }
    expect((await desk.post(envelope(desk.text('hi')))).status).toBe(503)
    desk.credentials = null
    expect((await desk.post(envelope(desk.text('hi')))).status).toBe(503)
    desk.credentials = credentials
    const waiting = desk.database.prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
       INSERT INTO business_updates (name, author, content, kept_at) SELECT n, '', '{}', 0 FROM numbers`,
    )
    waiting.run()
    const answer = await desk.postRaw(escaped(envelope(desk.text('hi'))))
    expect(answer.status).toBe(503)
    expect(desk.inbound.webhook.health).toMatchObject({ postponed: 3, refused: 0 })
    expect(desk.named('message.received')).toEqual([])
  })

  it('is answered with 500 where it cannot be stored, and nothing of it counts', async () => {
    const desk = new InboundDesk()
    desk.database.prepare('DROP TABLE business_updates').run()
    const posted = escaped(envelope(desk.text('hi')))
    expect((await desk.postRaw(posted)).status).toBe(500)
    desk.database.close()
    expect((await desk.postRaw(posted)).status).toBe(503)
    expect(desk.events).toEqual([])
  })

  it('comes again where its file is gone, from the moment in which that is noticed', async () => {
    const desk = new InboundDesk({}, { delayMs: 25, failed: (error) => desk.failures.push(error) })
    renameSync(desk.path, `${desk.path}.away`)
    const posted = escaped(envelope(desk.text('hi')))
    expect((await desk.postRaw(posted)).status).toBe(503)
    expect(desk.failures).toMatchObject([{ reason: 'storage_missing' }])
    expect(desk.inbound.webhook.isOpen).toBe(false)
    expect((await desk.postRaw(posted)).status).toBe(503)
  })

  it('of a thousand updates is answered once, with room for others in between', async () => {
    const desk = new InboundDesk({}, { delayMs: 25, failed: (error) => desk.failures.push(error) })
    const { contacts } = desk.text('')
    const messages = Array.from(
      { length: 1_000 },
      (_each, index) => desk.text(`message ${index}`)['messages'],
    ).flat()
    let turns = 0
    const turn = (): void => {
      turns += 1
      timer = setImmediate(turn)
    }
    let timer = setImmediate(turn)
    const answer = await desk.post(envelope({ contacts, messages }))
    clearImmediate(timer)
    expect(answer.status).toBe(200)
    expect(desk.named('message.received')).toHaveLength(1_000)
    // At least one between the pieces that are stored, and some in the work.
    expect(turns).toBeGreaterThan(10)
  })

  it('for another number is answered and left alone, what is about an account is handed on', async () => {
    const desk = new InboundDesk()
    expect((await desk.post(envelope(desk.text('hi'), 'messages', '222'))).status).toBe(200)
    const update = { entry: [{ id: 'WABA', changes: [{ field: 'account_update', value: { event: 'X' } }] }] }
    expect((await desk.post(update)).status).toBe(200)
    await desk.post(envelope({ errors: [{ code: 131_000, title: 'Something' }] }))
    expect(desk.inbound.webhook.health).toMatchObject({ foreign: 1 })
    expect(desk.named('message.received')).toEqual([])
    expect(desk.notices.map(({ field, business }) => [field, business])).toEqual([
      ['account_update', 'WABA'],
      ['errors', 'WABA'],
    ])
  })
})

describe('the question with which Meta confirms the address', () => {
  const ask = (desk: InboundDesk, query: string, pathSecret: string | null = null): string | null =>
    desk.inbound.webhook.challenge(new URLSearchParams(query), pathSecret)

  it.each([
    ['hub.mode=subscribe&hub.verify_token=verify&hub.challenge=1158201444', '1158201444'],
    ['hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1', null],
    ['hub.mode=subscribe&hub.challenge=1', null],
    ['hub.mode=unsubscribe&hub.verify_token=verify&hub.challenge=1', null],
    ['hub.mode=subscribe&hub.verify_token=verify', null],
    [`hub.mode=subscribe&hub.verify_token=verify&hub.challenge=${'1'.repeat(2_000)}`, null],
  ])('%s', (query, answer) => {
    expect(ask(new InboundDesk(), query)).toBe(answer)
  })

  it('has no answer without a verify token', () => {
    const desk = new InboundDesk()
    desk.credentials = desk.credentials && { ...desk.credentials, verifyToken: null }
    expect(ask(desk, 'hub.mode=subscribe&hub.verify_token=&hub.challenge=1')).toBe(null)
  })
})

describe('what 360dialog posts', () => {
  const PATH = 'c'.repeat(32)
  const dialogDesk = (appSecrets: readonly string[] = [], demandsSignature = false): InboundDesk => {
    const desk = new InboundDesk()
    desk.credentials = desk.credentials && {
      ...desk.credentials,
      provider: '360dialog',
      pathSecret: PATH,
      appSecrets,
      demandsSignature,
    }
    return desk
  }

  it.each<[string, string | null, Headers, readonly string[], number]>([
    ['with the secret of the path', PATH, {}, [], 200],
    ['without it', null, {}, [], 401],
    ['with another one', `${PATH.slice(1)}d`, {}, [], 401],
    ['with a part of it', PATH.slice(1), {}, [], 401],
    [
      'and a signature that is wrong',
      PATH,
      { 'x-360dialog-signature': `sha256=${'0'.repeat(64)}` },
      [SECRET],
      401,
    ],
    ['and a signature that nobody can check', PATH, { 'x-hub-signature-256': 'sha256=00' }, [], 200],
  ])('%s', async (_case, pathSecret, headers, appSecrets, status) => {
    const desk = dialogDesk(appSecrets)
    const body = escaped(envelope(desk.text('hi')))
    expect((await desk.postRaw(body, { headers, pathSecret })).status).toBe(status)
  })

  const hex = (body: Buffer, secret: string): string =>
    createHmac('sha256', secret).update(body).digest('hex')
  const ours = (body: Buffer): Headers => ({ 'x-360dialog-signature': hex(body, SECRET) })

  it.each<[string, (body: Buffer) => Headers, number]>([
    ['without a signature', () => ({}), 401],
    ['with an empty one', () => ({ 'x-360dialog-signature': '' }), 401],
    ['with one of another secret', (body) => ({ 'x-360dialog-signature': hex(body, 'other') }), 401],
    ['with one over other bytes', (body) => ours(Buffer.concat([body, Buffer.from(' ')])), 401],
    ['with a right one', ours, 200],
    [
      'with a right one that names the algorithm',
      (body) => ({ 'x-360dialog-signature': `sha256=${hex(body, SECRET)}` }),
      200,
    ],
    [
      'with one of the header of Meta',
      (body) => ({ 'x-hub-signature-256': `sha256=${hex(body, SECRET)}` }),
      200,
    ],
    [
      'with a right one beside that of an app of theirs',
      (body) => ({ ...ours(body), 'x-hub-signature-256': `sha256=${hex(body, 'their app')}` }),
      200,
    ],
  ])('%s, where an app secret is given for the account', async (_case, headers, status) => {
    const desk = dialogDesk([SECRET], true)
    const body = escaped(envelope(desk.text('hi')))
    expect((await desk.postRaw(body, { headers: headers(body), pathSecret: PATH })).status).toBe(status)
  })

  it('needs the path all the same, whatever the signature', async () => {
    const desk = dialogDesk([SECRET], true)
    const body = escaped(envelope(desk.text('hi')))
    expect((await desk.postRaw(body, { headers: ours(body), pathSecret: null })).status).toBe(401)
  })

  it('needs no signature for a secret that every process here has, and a right one where one comes', async () => {
    const desk = dialogDesk([SECRET], false)
    const body = escaped(envelope(desk.text('hi')))
    expect((await desk.postRaw(body, { headers: {}, pathSecret: PATH })).status).toBe(200)
    const wrong = { 'x-360dialog-signature': hex(body, 'other') }
    expect((await desk.postRaw(body, { headers: wrong, pathSecret: PATH })).status).toBe(401)
  })

  it('is refused where the account has no such secret', async () => {
    const desk = dialogDesk()
    desk.credentials = desk.credentials && { ...desk.credentials, pathSecret: null }
    expect((await desk.postRaw(escaped({}), { headers: {}, pathSecret: null })).status).toBe(403)
  })
})
