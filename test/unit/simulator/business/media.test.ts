import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, BusinessStage, HOUR_MS } from './business-stage.ts'

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(2_000)])

describe('files on the simulated Graph API', () => {
  let stage: BusinessStage
  beforeEach(async () => {
    stage = await BusinessStage.start()
    stage.alice.write(stage.number, 'hello')
  })
  afterEach(() => stage.stop())

  const upload = (bytes: Buffer, type: string): Promise<Answer> => {
    const form = new FormData()
    form.set('messaging_product', 'whatsapp')
    form.set('type', type)
    form.set('file', new Blob([new Uint8Array(bytes)], { type }), 'a file')
    return stage.call('POST', `/v25.0/${stage.number.phoneNumberId}/media`, form)
  }
  const describeMedia = async (): Promise<{ id: string; url: string; sha256: string }> => {
    await stage.platform.settled()
    const { image } = stage.callback.messages.find(({ type }) => type === 'image') as unknown as {
      image: { id: string }
    }
    const { body } = await stage.call(
      'GET',
      `/v25.0/${image.id}?phone_number_id=${stage.number.phoneNumberId}`,
    )
    return body as unknown as { id: string; url: string; sha256: string }
  }
  const withToken = () => ({ headers: { Authorization: `Bearer ${stage.number.accessToken}` } })

  it('gives a file in two steps: by its id, then for five minutes at an address that wants the token', async () => {
    stage.alice.sendFile(stage.number, { kind: 'image', data: PNG, mimeType: 'image/png' })
    const { url, sha256 } = await describeMedia()
    const hash = createHash('sha256').update(PNG)
    expect([hash.copy().digest('hex'), hash.digest('base64')]).toContain(sha256)
    expect(new URL(url).host).toBe(stage.platform.mediaHost)
    expect((await fetch(url)).status).toBe(401)
    expect(Buffer.from(await (await fetch(url, withToken())).arrayBuffer())).toEqual(PNG)
    stage.clock.now += 5 * 60_000
    expect((await fetch(url, withToken())).status).toBe(404)
    expect((await fetch((await describeMedia()).url, withToken())).status).toBe(200)
  })

  it('forgets the id of what people sent after seven days', async () => {
    stage.alice.sendFile(stage.number, { kind: 'image', data: PNG, mimeType: 'image/png' })
    const { id } = await describeMedia()
    stage.clock.now += 7 * 24 * HOUR_MS
    const { status, body } = await stage.call('GET', `/v25.0/${id}`)
    expect({ status, ...body.error }).toMatchObject({ status: 400, code: 100, error_subcode: 33 })
  })

  it('takes uploads, which are shown when they are sent', async () => {
    const { body } = await upload(PNG, 'image/png')
    const id = await stage.sent({ type: 'image', image: { id: body['id'], caption: 'a plan' } })
    expect(stage.alice.seen(stage.number).files).toMatchObject([
      { id, kind: 'image', caption: 'a plan', mimeType: 'image/png', bytes: PNG },
    ])
  })

  it('refuses types and sizes that Meta does not take, and tells later what a file is not', async () => {
    expect((await upload(randomBytes(10), 'image/jpeg')).status).toBe(200)
    expect((await upload(Buffer.alloc(5 * 1_024 * 1_024 + 1), 'image/jpeg')).body.error?.code).toBe(131053)
    expect((await upload(randomBytes(10), 'multipart/mixed')).body.error?.code).toBe(131053)
    const { body } = await upload(randomBytes(100), 'image/jpeg')
    const id = await stage.sent({ type: 'image', image: { id: body['id'] } })
    await stage.platform.settled()
    expect(stage.callback.statuses(id)).toMatchObject([{ status: 'failed', errors: [{ code: 131053 }] }])
  })

  it('sends clients elsewhere, damages files, and names other hosts, where a test says so', async () => {
    stage.alice.sendFile(stage.number, { kind: 'image', data: PNG, mimeType: 'image/png' })
    const { url } = await describeMedia()
    stage.platform.faults.downloads.add({ kind: 'redirect', to: 'http://127.0.0.2:1/' }, { times: 1 })
    expect((await fetch(url, { ...withToken(), redirect: 'manual' })).status).toBe(302)
    stage.platform.faults.downloads.add({ kind: 'spoiled' }, { times: 1 })
    expect(Buffer.from(await (await fetch(url, withToken())).arrayBuffer())).not.toEqual(PNG)
    stage.platform.faults.mediaHost = 'http://files.example'
    expect((await describeMedia()).url).toMatch(/^http:\/\/files\.example\//)
  })

  it("gives 360dialog's clients files at its own host, with its own header", async () => {
    const { platform } = stage
    const number = platform.addNumber({ phoneNumber: '+15550009001', name: 'Shop', provider: '360dialog' })
    await platform.subscribe(number, stage.callback.url)
    stage.callback.received.length = 0
    stage.alice.sendFile(number, { kind: 'image', data: PNG, mimeType: 'image/png' })
    await platform.settled()
    expect(stage.callback.received[0]?.headers).not.toHaveProperty('x-hub-signature-256')
    const key = { 'D360-API-KEY': number.accessToken }
    const { image } = stage.callback.messages[0] as unknown as { image: { id: string } }
    const { body } = await stage.call('GET', `/${image.id}`, undefined, key)
    const { pathname, search, host } = new URL(String(body['url']))
    expect(host).toBe('lookaside.fbsbx.com')
    const answer = await fetch(`${platform.baseUrl}${pathname}${search}`, { headers: key })
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG)
    const message = {
      messaging_product: 'whatsapp',
      to: stage.alice.phoneNumber,
      type: 'text',
      text: { body: 'hi' },
    }
    expect((await stage.call('POST', '/messages', message, key)).status).toBe(200)
    expect(stage.alice.seen(number).texts).toMatchObject([{ text: 'hi' }])
    expect((await stage.call('POST', '/messages', message, { 'D360-API-KEY': 'wrong' })).status).toBe(401)
  })
})
