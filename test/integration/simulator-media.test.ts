import { createHash, randomBytes } from 'node:crypto'
import { Agent } from 'node:https'
import { connect } from 'node:net'
import {
  type AnyMessageContent,
  downloadContentFromMessage,
  type MediaType,
  normalizeMessageContent,
} from '@whiskeysockets/baileys'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OutgoingMedia } from '../../src/simulator/phones/media/media-content.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'
const CONTACT = '+15550000002'

/** Baileys uploads over https alone; the simulator has no certificate. */
class PlainAgent extends Agent {
  override createConnection(options: { host?: string; port?: number | string }): ReturnType<typeof connect> {
    return connect(Number(options.port), options.host)
  }
}

describe('files between phones and an unmodified client', () => {
  let simulator: Simulator
  let contact: SimulatedPhone
  let bot: BareBot

  beforeAll(async () => {
    simulator = new Simulator({ hasUnkeyedDevices: false, habits: { everyday: 0, sharesState: false } })
    await simulator.start()
    simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    contact = simulator.createPhone({ phoneNumber: CONTACT, name: 'Contact' })
    bot = new BareBot(simulator, { fetchAgent: new PlainAgent() })
    await bot.linkTo(OWNER)
    await contact.sendText(OWNER, 'hello') // gives the client a token, without which it may not write
    await bot.waitForText('hello')
  })
  afterAll(async () => {
    await bot.stop()
    await simulator.stop()
  })

  const RECEIVED: [OutgoingMedia, MediaType, string][] = [
    [{ kind: 'image', data: randomBytes(5_000), caption: 'look' }, 'image', 'image'],
    [{ kind: 'video', data: randomBytes(5_001), seconds: 3 }, 'video', 'video'],
    [{ kind: 'gif', data: randomBytes(33) }, 'video', 'gif'],
    [{ kind: 'video-note', data: randomBytes(32) }, 'video', 'ptv'],
    [{ kind: 'voice', data: randomBytes(15), seconds: 4, waveform: randomBytes(64) }, 'audio', 'ptt'],
    [{ kind: 'audio', data: randomBytes(16) }, 'audio', 'audio'],
    [
      { kind: 'document', data: randomBytes(17), name: 'plan.pdf', caption: 'the plan' },
      'document',
      'document',
    ],
    [{ kind: 'sticker', data: randomBytes(1) }, 'sticker', 'sticker'],
  ]

  it.each(RECEIVED.map(([media, ...rest]) => [media.kind, media, ...rest] as const))(
    'gives it the %s of a phone',
    async (_kind, media, type, mediatype) => {
      const stanza = new Promise<unknown>((resolve) => {
        const stop = simulator.onTrace(({ direction, node }) => {
          if (direction !== 'out' || node.tag !== 'message') return
          stop()
          resolve(node)
        })
      })
      const { id } = await contact.sendMedia(OWNER, media)
      const { message } = await bot.waitForMessage(({ key }) => key.id === id)
      const content = normalizeMessageContent(message.message) ?? {}
      const file = Object.values(content).find((each) => each?.directPath)
      // Its download is over https, but for one that has only a URL.
      const stream = await downloadContentFromMessage({ mediaKey: file.mediaKey, url: file.url }, type)
      expect(Buffer.concat(await stream.toArray())).toEqual(Buffer.from(media.data))
      expect(Number(file.fileLength)).toBe(media.data.length)
      expect(file).toMatchObject({
        ...(media.caption === undefined ? {} : { caption: media.caption }),
        ...(media.name === undefined ? {} : { fileName: media.name }),
      })
      expect(await inTime('its stanza', stanza)).toMatchObject({
        attrs: { type: 'media' },
        content: [{ tag: 'enc', attrs: { mediatype } }],
      })
    },
  )

  const data = randomBytes(3_000)
  const thumbnail = { jpegThumbnail: randomBytes(10).toString('base64') }
  // Baileys copies it into the message, and does not declare it.
  const waveform = { waveform: randomBytes(64) }
  const SENT: [string, AnyMessageContent, object][] = [
    ['image', { image: data, caption: 'here', ...thumbnail }, { mimeType: 'image/jpeg' }],
    ['video', { video: data, ...thumbnail }, { mimeType: 'video/mp4' }],
    ['gif', { video: data, gifPlayback: true, ...thumbnail }, {}],
    ['video-note', { video: data, ptv: true, ...thumbnail }, {}],
    ['voice', { audio: data, ptt: true, seconds: 2, ...waveform }, { seconds: 2 }],
    ['audio', { audio: data, seconds: 2, mimetype: 'audio/mp4' }, { mimeType: 'audio/mp4' }],
    [
      'document',
      { document: data, fileName: 'a.txt', mimetype: 'text/plain', caption: 'here' },
      { name: 'a.txt', mimeType: 'text/plain' },
    ],
    ['sticker', { sticker: data }, { mimeType: 'image/webp' }],
  ]

  it.each(SENT)('shows the %s that it sends on the phone', async (kind, content, shown) => {
    const sent = await bot.socket.sendMessage(contact.lid, content)
    const { media, text } = await contact.waitForText(({ id }) => id === sent?.key.id)
    const sha256 = createHash('sha256').update(data).digest('hex')
    expect(media).toMatchObject({ kind, size: 3_000, sha256, problem: null, ...shown })
    expect(contact.files.get(sha256)).toEqual(data)
    expect(text).toBe('caption' in content ? 'here' : '')
  })
})
