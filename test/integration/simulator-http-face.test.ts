import { createAdaptorServer } from '@hono/node-server'
import { once } from 'node:events'
import { request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Hono } from 'hono'
import { httpFace } from '../../src/simulator/http/http-face.ts'
import { simulatorApi } from '../../src/simulator/http/simulator-api.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import type { SimulatorState } from '../../src/protocol/demo-state.ts'
import { Passkey } from '../../src/simulator/linking/passkey/passkey.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { PasskeyCompanion } from './simulator-passkey-companion.ts'

const OWNER = '+15550000001'
const ALICE = '+15550000002'

describe('the HTTP face', () => {
  let simulator: Simulator
  let server: Server
  let base: string
  let bot: BareBot

  beforeEach(async () => {
    simulator = new Simulator({ hasUnkeyedDevices: false })
    await simulator.start()
    bot = new BareBot(simulator)
    const app = new Hono().route('/simulator', httpFace(simulator)).route('/api', simulatorApi(simulator))
    server = createAdaptorServer({ fetch: app.fetch }) as Server // plain HTTP unless asked for another
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simulator` // listening on TCP
  })
  afterEach(async () => {
    await bot.stop()
    await simulator.stop()
    server.closeAllConnections()
    server.close()
  })

  const post = (path: string, body: unknown) =>
    fetch(`${base}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const state = async () => (await (await fetch(`${base}/state`)).json()) as SimulatorState // what the route returns
  const phoneState = async (number: string) =>
    (await state()).phones.find(({ phoneNumber }) => phoneNumber === number)

  it('takes files, places and votes for the phones, and gives out the files', async () => {
    await post('/phones', { phoneNumber: OWNER, name: 'Owner' })
    await post('/phones', { phoneNumber: ALICE, name: 'Alice' })
    const file = Buffer.from('<script>not here</script>')
    const sent = await fetch(
      `${base}/phones/${ALICE}/media?to=${encodeURIComponent(OWNER)}&kind=document&name=a.html&mimeType=text/html&caption=look`,
      { method: 'POST', body: new Uint8Array(file) },
    )
    expect(sent.status).toBe(201)
    const owner = simulator.phone(OWNER)
    await owner?.waitForText('look')
    const messages = async () => (await phoneState(OWNER))?.chats[0]?.messages ?? []
    const [shown] = await messages()
    expect(shown?.media).toMatchObject({ kind: 'document', name: 'a.html', size: file.length, problem: null })
    const given = await fetch(`${base}${shown?.media?.path ?? ''}`)
    expect(Buffer.from(await given.arrayBuffer())).toEqual(file)
    // It is of the page's own origin: nothing in it may run there.
    expect(given.headers.get('content-type')).toBe('application/octet-stream')
    expect(given.headers.get('content-disposition')).toBe('attachment')
    expect((await fetch(`${base}/phones/${OWNER}/files/none`)).status).toBe(404)
    expect((await fetch(`${base}/phones/${ALICE}/media?to=x&kind=image`, { method: 'POST' })).status).toBe(
      400,
    )
    const large = new Uint8Array(16 * 1024 * 1024 + 1)
    const tooLarge = fetch(`${base}/phones/${ALICE}/media?to=${OWNER}&kind=image`, {
      method: 'POST',
      body: large,
    })
    expect((await tooLarge).status).toBe(400)

    await post(`/phones/${ALICE}/cards`, { to: OWNER, card: { kind: 'location', latitude: 1, longitude: 2 } })
    await post(`/phones/${ALICE}/cards`, {
      to: OWNER,
      card: { kind: 'poll', question: 'Q', options: ['a', 'b'] },
    })
    const poll = await owner?.waitForText(({ card }) => card?.kind === 'poll')
    expect((await post(`/phones/${OWNER}/votes`, { id: poll?.id, options: ['b'] })).status).toBe(201)
    await simulator.phone(ALICE)?.waitForText(({ vote }) => vote !== undefined)
    expect((await messages()).map(({ card }) => card)).toMatchObject([
      null,
      { kind: 'place', latitude: 1, longitude: 2, isLive: false },
      {
        kind: 'poll',
        options: [
          { text: 'a', votes: 0, isChosen: false },
          { text: 'b', votes: 1, isChosen: true },
        ],
      },
    ])
    expect((await phoneState(ALICE))?.chats[0]?.messages[2]?.card).toMatchObject({
      options: [{ votes: 0 }, { votes: 1, isChosen: false }],
    })
  })

  it('lets files go wrong for programs, until everything works again', async () => {
    await post('/phones', { phoneNumber: OWNER, name: 'Owner' })
    await post('/phones', { phoneNumber: ALICE, name: 'Alice' })
    const api = (method: string, body?: object) =>
      fetch(`${base.replace('/simulator', '/api')}/faults`, { method, body: JSON.stringify(body) })
    const send = () =>
      fetch(`${base}/phones/${ALICE}/media?to=${OWNER}&kind=image`, { method: 'POST', body: 'picture' })
    const { id } = (await (await send()).json()) as { id: string } // what the route returns
    const url =
      (await simulator.phone(OWNER)?.waitForText((each) => each.id === id))?.message.imageMessage?.url ?? ''
    const fault = { kind: 'spoilDownloads', how: { kind: 'status', status: 503 }, times: 1 }
    expect((await api('POST', fault)).status).toBe(200)
    const asked = async () => (await fetch(url, { headers: { origin: 'https://web.whatsapp.com' } })).status
    expect([await asked(), await asked()]).toEqual([503, 200])
    expect((await api('POST', { ...fault, how: { kind: 'earthquake' } })).status).toBe(400)
    expect((await api('POST', { kind: 'loseFile', account: OWNER, id: 'none' })).status).toBe(404)
    await api('POST', { kind: 'loseFile', account: OWNER, id, status: 410 })
    expect(await asked()).toBe(410)
    await api('POST', { kind: 'switchOff', account: OWNER })
    const waiting = (await (await send()).json()) as { id: string } // what the route returns
    await simulator.phone(OWNER)?.idle()
    expect(simulator.phone(OWNER)?.received.map((each) => each.id)).toEqual([id])
    expect((await api('DELETE')).status).toBe(204)
    await simulator.phone(OWNER)?.waitForText((each) => each.id === waiting.id)
  })

  it('shows a group to its members, who write into it by its address', async () => {
    await post('/phones', { phoneNumber: OWNER, name: 'Owner' })
    await post('/phones', { phoneNumber: ALICE, name: 'Alice' })
    expect((await post('/groups', { subject: 'Family', members: [ALICE, '+15550000009'] })).status).toBe(404)
    const made = await post('/groups', { subject: 'Family', members: [ALICE, OWNER] })
    expect(made.status).toBe(201)
    const { jid } = (await made.json()) as { jid: string } // what the route returns
    expect((await post(`/phones/${ALICE}/messages`, { to: jid, text: 'hi' })).status).toBe(201)
    await simulator.phone(OWNER)?.waitForText('hi')
    expect((await phoneState(OWNER))?.chats).toMatchObject([
      { with: jid, name: 'Family', messages: [{ direction: 'in', author: 'Alice', text: 'hi' }] },
    ])
    expect((await phoneState(ALICE))?.chats).toMatchObject([
      { with: jid, name: 'Family', messages: [{ direction: 'out', author: null, text: 'hi' }] },
    ])
  })

  it('drives phones from creation to removal of the linked device', async () => {
    expect((await post('/phones', { phoneNumber: OWNER, name: 'Owner' })).status).toBe(201)
    expect((await post('/phones', { phoneNumber: ALICE, name: 'Alice' })).status).toBe(201)
    const { qr, closed } = bot.connect()
    expect((await post(`/phones/${OWNER}/scan`, { qr: await qr })).status).toBe(200)
    await closed
    await bot.logIn()
    bot.echo()
    expect((await phoneState(OWNER))?.linkedDevices).toMatchObject([{ name: 'Mac OS', isConnected: true }])

    expect((await post(`/phones/${ALICE}/messages`, { to: OWNER, text: 'hi' })).status).toBe(201)
    const alice = simulator.phone(ALICE)
    const answer = await alice?.waitForText('echo: hi')
    if (answer !== undefined) await alice?.react(answer, '👍')
    await bot.socket.sendPresenceUpdate('available')
    await bot.socket.sendPresenceUpdate('composing', alice?.lid)
    await alice?.waitForTyping(({ isTyping }) => isTyping)
    const view = await phoneState(ALICE)
    expect(view?.chats).toMatchObject([
      {
        with: OWNER,
        name: 'Owner',
        isTyping: true,
        messages: [
          { direction: 'out', text: 'hi', status: 'delivered', viaLinkedDevice: false },
          { direction: 'in', text: 'echo: hi', status: null, reactions: ['👍'] },
        ],
      },
    ])
    if (answer !== undefined) await alice?.react(answer, '')
    expect((await phoneState(ALICE))?.chats[0]?.messages[1]?.reactions).toEqual([])
    await simulator.phone(OWNER)?.waitForText('echo: hi')
    expect((await phoneState(OWNER))?.chats[0]?.messages).toMatchObject([
      { direction: 'in', text: 'hi' },
      { direction: 'out', text: 'echo: hi', viaLinkedDevice: true },
    ])

    expect((await post(`/phones/${OWNER}/self`, { text: 'note' })).status).toBe(201)
    expect((await phoneState(OWNER))?.chats[0]).toMatchObject({ with: OWNER, messages: [{ text: 'note' }] })
    expect((await post(`/phones/${OWNER}/remove-companion`, {})).status).toBe(204)
    expect((await phoneState(OWNER))?.linkedDevices).toEqual([])
  })

  it('links by code', async () => {
    await post('/phones', { phoneNumber: OWNER, name: 'Owner' })
    const { qr, closed } = bot.connect()
    await qr
    const code = await bot.socket.requestPairingCode(OWNER.slice(1))
    await expect.poll(async () => (await phoneState(OWNER))?.asksForCode).toBe(true)
    const wrong = await post(`/phones/${OWNER}/code`, { code: 'WRONGONE' })
    expect(await wrong.json()).toEqual({ error: { message: 'wrong code' } })
    expect((await post(`/phones/${OWNER}/code`, { code })).status).toBe(200)
    expect(await closed).toMatchObject({ code: 515 })
  })

  it('answers a scan at once where the phone demands its passkey, and signs with it', async () => {
    await post('/phones', { phoneNumber: OWNER, name: 'Owner' })
    const made = await post(`/phones/${OWNER}/passkeys`, {})
    expect(made.status).toBe(201)
    expect((await post(`/phones/${OWNER}/passkey-answer`, {})).status).toBe(400)
    const { qr, closed } = bot.connect()
    const companion = new PasskeyCompanion(bot)
    const scan = await post(`/phones/${OWNER}/scan`, { qr: await qr })
    expect([scan.status, await scan.json()]).toEqual([202, { deviceId: null, demands: 'passkey' }])
    expect(await phoneState(OWNER)).toMatchObject({
      hasPasskey: true,
      passkeyLink: { step: 'asked', code: null },
    })
    await companion.demanded()
    const assertion = (await (await post(`/phones/${OWNER}/passkey-answer`, {})).json()) as { rawId: string } // what the route returns
    await companion.sendPrologue(assertion, { proof: 'none' })
    await companion.continued()
    const code = await companion.sendNonce()
    expect(await phoneState(OWNER)).toMatchObject({ passkeyLink: { step: 'code', code } })
    await companion.sendPairingRequest()
    expect(await closed).toMatchObject({ code: 515 })
    expect(await phoneState(OWNER)).toMatchObject({ passkeyLink: null, linkedDevices: [{}] })
  })

  it('takes a passkey that a browser has made, with the id and the key of it or without both', async () => {
    await post('/phones', { phoneNumber: OWNER, name: 'Owner' })
    const { record } = Passkey.create()
    const [credentialId, publicKey] = [record.credentialId, record.publicKey].map((each) =>
      each.toString('base64url'),
    )
    expect((await post(`/phones/${OWNER}/passkeys`, { credentialId })).status).toBe(400)
    const made = await post(`/phones/${OWNER}/passkeys`, { credentialId, publicKey, userHandle: 'AAAA' })
    expect(await made.json()).toMatchObject({ credentialId, privateKey: null })
    expect((await post(`/phones/${OWNER}/passkeys`, { credentialId, publicKey: 'AAAA' })).status).toBe(400)
    expect(await phoneState(OWNER)).toMatchObject({ hasPasskey: true })
    await fetch(`${base}/phones/${OWNER}/passkeys`, { method: 'DELETE' })
    expect(await phoneState(OWNER)).toMatchObject({ hasPasskey: false })
  })

  it('streams the state, many changes in one event', async () => {
    const events = await fetch(`${base}/events`)
    expect(events.headers.get('content-type')).toContain('text/event-stream')
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
    const read = async (): Promise<string> => (await reader?.read())?.value ?? ''
    expect(await read()).toContain('event: state\ndata: {"phones":[]')
    for (let index = 0; index < 20; index++) {
      simulator.createPhone({ phoneNumber: `+1555000${1000 + index}`, name: 'Somebody' })
    }
    const next = await read()
    expect(next.match(/phoneNumber/g)).toHaveLength(20)
    expect(next.match(/^event: state/gm)).toHaveLength(1)
    await simulator.stop()
    expect((await reader?.read())?.done).toBe(true)
  })

  it.each([
    ['/phones', { phoneNumber: '5551', name: 'Nobody' }, 400, 'is not a phone number in E.164'],
    ['/phones', { phoneNumber: OWNER }, 400, 'name'],
    ['/phones/+19999999/self', { text: 'x' }, 404, 'no phone has the number'],
    ['/phones/+15550000002/scan', { qr: 'nonsense' }, 400, 'not a linking code'],
    ['/phones/+15550000002/messages', { to: '+15559999999', text: 'x' }, 400, 'is not on WhatsApp'],
    ['/phones/+15550000002/messages', { to: OWNER }, 400, 'text'],
    ['/phones/+15550000002/remove-companion', {}, 404, 'no such linked device'],
  ])('says what is wrong with %s %o', async (path, body, status, message) => {
    simulator.createPhone({ phoneNumber: ALICE, name: 'Alice' })
    const response = await post(path, body)
    expect(response.status).toBe(status)
    const answer = (await response.json()) as { error: { message: string } } // what the route returns
    expect(answer.error.message).toContain(message)
  })

  it('refuses other hosts and other origins', async () => {
    const ask = async (headers: Record<string, string>): Promise<number | undefined> => {
      const asked = request(`${base}/state`, { headers }).end()
      const [response] = await once(asked, 'response')
      response.resume()
      return response.statusCode
    }
    const { host } = new URL(base)
    expect(await ask({})).toBe(200)
    expect(await ask({ host: 'evil.example' })).toBe(403)
    expect(await ask({ origin: 'https://evil.example' })).toBe(403)
    expect(await ask({ origin: 'null' })).toBe(403)
    expect(await ask({ origin: `http://${host}` })).toBe(200)
  })
})
