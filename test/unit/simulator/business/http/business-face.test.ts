import type { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SimulatorState } from '../../../../../src/protocol/demo-state.ts'
import { businessFace } from '../../../../../src/simulator/business/http/business-face.ts'
import { BusinessStage } from '../business-stage.ts'

describe('the phones of a Business demo over HTTP', () => {
  let stage: BusinessStage
  let face: Hono
  beforeEach(async () => {
    stage = await BusinessStage.start({}, { state: { isOnBusinessApp: true } })
    face = businessFace(stage.platform, stage.number, (milliseconds) => (stage.clock.now += milliseconds))
  })
  afterEach(() => stage.stop())

  const headers = { host: '127.0.0.1' }
  const post = async (path: string, body: object | Buffer): Promise<number> => {
    const raw = Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body)
    return (await face.request(path, { method: 'POST', headers, body: raw })).status
  }
  const state = async (): Promise<SimulatorState> =>
    // The route's own answer.
    (await (await face.request('/state', { headers })).json()) as SimulatorState
  const alices = '/phones/%2B15550000002'

  it('shows what was written on both sides, each side as its own', async () => {
    expect(await post(`${alices}/messages`, { to: '+15550009000', text: 'hello' })).toBe(201)
    await stage.text('good day')
    expect(await post('/phones/%2B15550009000/messages', { to: '+15550000002', text: 'by hand' })).toBe(201)
    const { phones, business } = await state()
    expect(business).toMatchObject({ phoneNumber: '+15550009000' })
    const shown = (index: number) =>
      phones[index]?.chats[0]?.messages.map(({ direction, text, viaLinkedDevice }) => [
        direction,
        text,
        viaLinkedDevice,
      ])
    expect(shown(0)).toEqual([
      ['in', 'hello', false],
      ['out', 'good day', true],
      ['out', 'by hand', false],
    ])
    expect(shown(1)).toEqual([
      ['out', 'hello', false],
      ['in', 'good day', false],
      ['in', 'by hand', false],
    ])
  })

  it('sends files and places, and gives a file back', async () => {
    const query = 'to=%2B15550009000&kind=image&mimeType=image%2Fpng&name=plan.png'
    expect(await post(`${alices}/media?${query}`, Buffer.from('a picture'))).toBe(201)
    const card = { kind: 'location', latitude: 1, longitude: 2 }
    expect(await post(`${alices}/cards`, { to: '+15550009000', card })).toBe(201)
    const [picture, place] = (await state()).phones[1]?.chats[0]?.messages ?? []
    expect(place?.card).toMatchObject({ kind: 'place', latitude: 1 })
    const file = await face.request(picture?.media?.path ?? '', { headers })
    expect(await file.text()).toBe('a picture')
    expect(file.headers.get('content-type')).toBe('image/png')
  })

  it('lets a person choose and share the number, and the clock leap', async () => {
    stage.alice.write(stage.number, 'hello')
    const reply = { id: 'yes', title: 'Yes' }
    const id = await stage.sent({
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Really?' },
        action: { buttons: [{ type: 'reply', reply }] },
      },
    })
    expect((await state()).phones[1]?.chats[0]?.messages[1]?.card).toEqual({
      kind: 'choices',
      button: null,
      options: [{ id: 'yes', title: 'Yes', description: null }],
    })
    expect(await post(`${alices}/choices`, { id, option: 'yes' })).toBe(201)
    expect(await post(`${alices}/choices`, { id, option: 'no' })).toBe(400)
    expect(await post(`${alices}/share-number`, {})).toBe(201)
    const before = stage.clock.now
    expect(await post('/business/leap', { hours: 24 })).toBe(204)
    expect(stage.clock.now - before).toBe(24 * 3_600_000)
  })

  it('answers no other host, and names what is not there', async () => {
    expect((await face.request('/state', { headers: { host: 'evil.example' } })).status).toBe(403)
    expect(await post('/phones/%2B15551112222/messages', { to: '+15550009000', text: 'x' })).toBe(404)
  })
})
