import type { BinaryNode } from '@whiskeysockets/baileys'
import { beforeEach, describe, expect, it } from 'vitest'
import { Resends } from '../../../../../src/transports/linked-device/outbound/resends.ts'

const LID = '222@lid'
const NUMBER = '15550001111@s.whatsapp.net'
const MESSAGE = { conversation: 'hello' }

describe('a request to send a direct message again', () => {
  let changed: boolean
  let relayed: unknown[][]
  const resends = new Resends({
    me: () => ({ id: '15550009999:3@s.whatsapp.net', lid: '999:3@lid' }),
    routes: {
      preferred: () => ({ namespace: 'lid', to: LID, attributes: { peer_recipient_pn: NUMBER } }),
      isChanged: () => changed,
    },
    relay: (...message) => {
      relayed.push(message)
      return Promise.resolve('')
    },
  })
  beforeEach(() => {
    changed = false
    relayed = []
  })

  const retry = (attrs: Record<string, string>): BinaryNode => ({
    tag: 'receipt',
    attrs: { id: 'A1', type: 'retry', t: '1', ...attrs },
    content: [{ tag: 'retry', attrs: { count: '2' } }],
  })
  /** What Baileys is given for the message. */
  const ask = async (receipt: BinaryNode, id = 'A1'): Promise<'message' | 'nothing'> => {
    let answer: 'message' | 'nothing' = 'message'
    await resends.handle(receipt, ({ attrs }) => {
      expect(attrs).not.toHaveProperty('offline')
      expect(relayed).toEqual([])
      const participant = attrs.participant ?? attrs.from ?? ''
      if (resends.take({ remoteJid: attrs.from ?? '', id, participant }, MESSAGE)) answer = 'nothing'
    })
    return answer
  }

  it.each([LID, NUMBER])(
    'of a phone goes to all devices, by the name that holds, after Baileys (%s)',
    async (from) => {
      expect(await ask(retry({ from, offline: '0' }))).toBe('nothing')
      const options = {
        messageId: 'A1',
        useUserDevicesCache: false,
        additionalAttributes: { peer_recipient_pn: NUMBER },
      }
      expect(relayed).toEqual([[LID, MESSAGE, options]])
    },
  )

  it.each([
    ['222:7@lid', '222:7@lid'],
    ['15550001111:7@s.whatsapp.net', '222:7@lid'],
    ['15550001111:99@hosted', '222:99@hosted.lid'],
  ])('of the linked device %s goes to %s alone', async (from, jid) => {
    await ask(retry({ from }))
    expect(relayed).toEqual([[LID, MESSAGE, { messageId: 'A1', participant: { jid, count: 2 } }]])
  })

  it.each(['15550009999@s.whatsapp.net', '999@lid', '120363000000000000@g.us'])(
    'of an own device, or in a group, is left to Baileys (%s)',
    async (from) => {
      expect(await ask(retry({ from }))).toBe('message')
      expect(relayed).toEqual([])
    },
  )

  it('for another message than it names, or outside of a receipt, is not taken', async () => {
    expect(await ask(retry({ from: LID }), 'B2')).toBe('message')
    expect(resends.take({ remoteJid: LID, id: 'A1', participant: LID }, MESSAGE)).toBe(false)
  })

  it('of whoever has the number now is answered with nothing', async () => {
    changed = true
    expect(await ask(retry({ from: LID }))).toBe('nothing')
    expect(relayed).toEqual([])
  })

  it('is over when Baileys fails', async () => {
    const failing = resends.handle(retry({ from: LID }), () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(resends.take({ remoteJid: LID, id: 'A1', participant: LID }, MESSAGE)).toBe(false)
  })
})
