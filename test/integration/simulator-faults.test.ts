import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BaileysEventMap, Curve, encodeBinaryNode, WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { isSignedBy } from '../../src/simulator/signal/signature.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import type { Stanza } from '../../src/simulator/wire/stanza.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'
const CONTACT = '+15550000002'

describe('faults on demand', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let contact: SimulatedPhone
  let bot: BareBot

  beforeEach(async () => {
    // Bare Baileys acknowledges no status, and takes some of everyday life for messages.
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { everyday: 0, sharesState: false } })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    bot = new BareBot(simulator, { defaultQueryTimeoutMs: 400 })
  })
  afterEach(async () => {
    await bot.stop()
    await simulator.stop()
  })

  const closeCode = () =>
    inTime(
      'the end of the connection',
      new Promise<number | undefined>((resolve) => {
        bot.socket.ev.on(
          'connection.update',
          ({ connection, lastDisconnect }: BaileysEventMap['connection.update']) => {
            const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined // Baileys closes with a Boom
            if (connection === 'close') resolve(error?.output?.statusCode)
          },
        )
      }),
    )

  /** Baileys' timed-out queries resolve with nothing or reject, as their two timers happen to run. */
  const answered = (query: Stanza): Promise<boolean> =>
    bot.socket.query(query, 500).then(
      (answer: Stanza | undefined) => answer !== undefined,
      () => false,
    )

  it.each([
    [{ code: 515 }, 515],
    [{ code: 503 }, 503],
    [{ code: 401, child: { tag: 'conflict', type: 'device_removed' } }, 401],
    [{ child: { tag: 'conflict', type: 'replaced' } }, 440],
    [{ child: { tag: 'xml-not-well-formed' } }, 500],
  ])('stream error %o closes with %i', async (error, code) => {
    await bot.linkTo(OWNER)
    const closed = closeCode()
    expect(simulator.faults.streamError(error, { account: CONTACT })).toBe(0)
    expect(simulator.faults.streamError(error, { account: OWNER })).toBe(1)
    expect(await closed).toBe(code)
    await bot.logIn()
  })

  it.each([400, 401, 402, 403, 405, 406, 409, 411, 418, 503])(
    'failure %i at login, so often as told',
    async (reason) => {
      await bot.linkTo(OWNER)
      await bot.stop()
      const fault = simulator.faults.failLogin(
        { reason, expireSeconds: 60, code: 101 },
        { times: 1, account: OWNER },
      )
      await expect(bot.logIn()).rejects.toThrow(`closed: ${reason}`)
      expect(fault.hits).toBe(1)
      await bot.logIn()
    },
  )

  it('failure at registration', async () => {
    simulator.faults.failRegistration({ reason: 405 }, { times: 1 })
    const { closed } = bot.connect()
    expect(await closed).toMatchObject({ code: 405 })
  })

  it('refuses upgrades', async () => {
    const fault = simulator.faults.refuseUpgrade(503)
    const { qr } = bot.connect()
    const status = new Promise((resolve) => {
      bot.socket.ws.on('unexpected-response', (_request, response: { statusCode: number }) =>
        resolve(response.statusCode),
      )
    })
    expect(await inTime('the answer', status)).toBe(503)
    fault.clear()
    await bot.stop()
    void qr
    await bot.linkTo(OWNER)
  })

  it('goes silent: queries get no answer until a new socket', async () => {
    await bot.linkTo(OWNER)
    expect(simulator.faults.silence()).toBe(1)
    const ping = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' } }
    expect(await answered(ping)).toBe(false)
    await bot.stop()
    await bot.logIn()
    expect(await answered(ping)).toBe(true)
  })

  it('goes half-open: nothing flows, and the dead socket does not count', async () => {
    await bot.linkTo(OWNER)
    expect(simulator.faults.halfOpen()).toBe(1)
    expect(simulator.connections).toEqual([])
    const ping = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:p' } }
    expect(await answered(ping)).toBe(false)
    // A close is not answered, so the client's socket stays in its closing handshake.
    const { socket } = bot.socket.ws as unknown as { socket: WebSocket } // public at runtime, untyped
    socket.close()
    await expect(once(socket, 'close', { signal: AbortSignal.timeout(300) })).rejects.toThrow('aborted')
    expect(socket.readyState).toBe(socket.CLOSING)
    await bot.stop()
    await bot.logIn()
    expect(simulator.maxSimultaneousConnections(OWNER)).toBe(1)
  })

  it('is silent from the login on', async () => {
    await bot.linkTo(OWNER)
    await bot.stop()
    simulator.faults.silenceLogins('silent', { times: 1 })
    await bot.logIn() // Baileys opens although none of its queries was answered
    const [companion] = owner.companions
    expect(companion).toMatchObject({ isConnected: true, isActive: false })
  })

  it('resets TCP', async () => {
    await bot.linkTo(OWNER)
    const closed = closeCode()
    expect(simulator.faults.reset()).toBe(1)
    expect([408, 428]).toContain(await closed)
  })

  it('sends frames that no key opens', async () => {
    await bot.linkTo(OWNER)
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    try {
      const rejection = new Promise<unknown>((resolve) => void process.once('unhandledRejection', resolve))
      expect(simulator.faults.garbageFrame()).toBe(1)
      // Whatever the server sends behind it fails in the same way, until the socket has ended.
      process.on('unhandledRejection', () => {})
      expect(String(await inTime('the failure', rejection))).toContain('unable to authenticate')
      await bot.stop()
      await setImmediate()
    } finally {
      process.removeAllListeners('unhandledRejection')
      for (const other of others) process.on('unhandledRejection', other)
    }
  })

  it('sends any bytes as the plaintext of a frame, and any content as a message', async () => {
    await bot.linkTo(OWNER)
    const arrived = once(bot.socket.ws, 'CB:unheard-of')
    const bytes = encodeBinaryNode({ tag: 'unheard-of', attrs: { id: '1' } })
    expect(simulator.faults.sendBytes(bytes)).toBe(1)
    expect(await arrived).toMatchObject([{ attrs: { id: '1' } }])
    await contact.sendMessage(owner, { extendedTextMessage: { text: 'of another kind' } })
    const upsert = () => bot.upserts.at(-1)?.message.message?.extendedTextMessage?.text
    await expect.poll(upsert).toBe('of another kind')
  })

  it('is slow, and keeps the order', async () => {
    await bot.linkTo(OWNER)
    simulator.faults.latencyMs = 150
    const startedAt = performance.now()
    await contact.sendText(owner, 'slow 1')
    await contact.sendText(owner, 'slow 2')
    simulator.faults.latencyMs = 0
    await contact.sendText(owner, 'slow 3')
    await bot.waitForText('slow 3')
    expect(performance.now() - startedAt).toBeGreaterThan(140)
    expect(bot.upserts.map(({ message }) => message.message?.conversation)).toEqual([
      'slow 1',
      'slow 2',
      'slow 3',
    ])
  })

  it.each(['swallow', 'deliver'] as const)('loses acknowledgements (%s)', async (loss) => {
    await bot.linkTo(OWNER)
    simulator.faults.loseAcks(loss, { times: 1 })
    const answers: string[] = []
    const stopListening = simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.attrs.id === '3EB0LOST') answers.push(node.tag)
    })
    await bot.socket.sendMessage(contact.lid, { text: 'to be lost' }, { messageId: '3EB0LOST' })
    if (loss === 'deliver') await expect.poll(() => answers).toEqual(['receipt'])
    // The server answers in the order of the messages.
    const marked = bot.socket.waitForMessage('3EB0MARKER')
    await bot.socket.sendMessage(contact.lid, { text: 'marker' }, { messageId: '3EB0MARKER' })
    await marked
    await contact.waitForText('marker')
    stopListening()
    expect(answers).toEqual(loss === 'deliver' ? ['receipt'] : [])
    expect(contact.received.map(({ text }) => text)).toEqual(
      loss === 'deliver' ? ['to be lost', 'marker'] : ['marker'],
    )
  })

  it.each([463, 479])('refuses messages with %i', async (error) => {
    await bot.linkTo(OWNER)
    simulator.faults.refuseMessages(error, { times: 1 })
    const ack = bot.socket.waitForMessage('3EB0REFUSED', 2000)
    await bot.socket.sendMessage(contact.lid, { text: 'refused' }, { messageId: '3EB0REFUSED' })
    expect(await ack).toMatchObject({ attrs: { error: String(error) } })
    expect(contact.received).toEqual([])
  })

  it('withholds answers and answers with errors, query by query', async () => {
    await bot.linkTo(OWNER)
    simulator.faults.withholdAnswers({ xmlns: 'usync', times: 1 })
    expect(await bot.socket.getUSyncDevices([contact.jid], false, false)).toEqual([])
    expect(await bot.socket.getUSyncDevices([contact.jid], false, false)).toHaveLength(1)
    const fault = simulator.faults.answerWithError(
      { xmlns: 'encrypt', element: 'digest' },
      { code: 404, text: 'no' },
    )
    await bot.stop()
    await bot.logIn()
    expect(fault.hits).toBe(1)
  })

  it('delivers a past message again, byte for byte', async () => {
    await bot.linkTo(OWNER)
    const { id } = await contact.sendText(owner, 'twice')
    await bot.waitForText('twice')
    const nack = new Promise<Record<string, string>>((resolve) => {
      simulator.onTrace(({ direction, node }) => {
        if (direction === 'in' && node.tag === 'ack' && node.attrs.class === 'message') resolve(node.attrs)
      })
    })
    owner.companions[0]?.redeliver(id)
    expect(await nack).toMatchObject({ id, error: '487' })
  })

  it('ends logins without the offline marker', async () => {
    await bot.linkTo(OWNER)
    await bot.stop()
    simulator.faults.sendsOfflineMarker = false
    const seen: string[] = []
    simulator.onTrace(({ direction, node }) => {
      if (direction === 'out' && node.tag === 'ib' && Array.isArray(node.content))
        seen.push(node.content[0]?.tag ?? '')
    })
    await bot.logIn()
    await expect.poll(() => seen).toContain('dirty')
    expect(seen).toContain('edge_routing')
    expect(seen).not.toContain('offline')
  })

  it('shows a certificate that another root signed', async () => {
    // Strict verification as a careful client does it; unmodified Baileys accepts every signature.
    const { verify } = Curve
    const { PUBLIC_KEY } = WA_CERT_DETAILS
    Curve.verify = isSignedBy
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(simulator.noiseRootKey, 'base64')
    try {
      simulator.faults.certificate = 'wrong-root'
      const { closed } = bot.connect()
      expect(await closed).toMatchObject({
        code: 400,
        message: 'noise intermediate certificate signature invalid',
      })
      simulator.faults.clear()
      await bot.linkTo(OWNER)
    } finally {
      Curve.verify = verify
      WA_CERT_DETAILS.PUBLIC_KEY = PUBLIC_KEY
    }
  })

  it('stops and leaves nothing open', async () => {
    await bot.linkTo(OWNER)
    const url = simulator.webSocketUrl
    const waiting = expect(contact.waitForText('never')).rejects.toThrow('stopped')
    await simulator.stop()
    await simulator.stop()
    await waiting
    expect(simulator.connections).toEqual([])
    await expect(fetch(url.replace('ws:', 'http:'))).rejects.toThrow('fetch failed')
  })
})
