import { expect, it } from 'vitest'
import {
  readByOwnDevice,
  readMessages,
} from '../../../../../src/transports/linked-device/outbound/read-receipts.ts'

const me = { id: '15550009999:7@s.whatsapp.net', lid: '900000000000009:7@lid' }
const CHAT = '15550001111@s.whatsapp.net'
const receipt = (attrs: Record<string, string>): Parameters<typeof readByOwnDevice>[0] => ({
  tag: 'receipt',
  attrs: { id: 'A', type: 'read', ...attrs },
  content: [{ tag: 'list', attrs: {}, content: [{ tag: 'item', attrs: { id: 'B' } }] }],
})

it.each(['read', 'read-self', 'played'])(
  'takes %s of another own device, with its chat and every message',
  (type) => {
    const own = receipt({ from: '15550009999:0@s.whatsapp.net', recipient: CHAT, type })
    expect(readByOwnDevice(own, me)).toEqual({ chat: CHAT, messageIds: ['A', 'B'] })
    expect(readMessages(own)).toEqual([])
  },
)

it('takes that of a group from the group, where the account itself has read', () => {
  const own = receipt({ from: '1-2@g.us', participant: '900000000000009:0@lid' })
  expect(readByOwnDevice(own, me)).toEqual({ chat: '1-2@g.us', messageIds: ['A', 'B'] })
})

it('takes nothing of somebody else, and nothing that was only delivered', () => {
  expect(readByOwnDevice(receipt({ from: CHAT }), me)).toBeNull()
  expect(readByOwnDevice(receipt({ from: CHAT, recipient: '15550002222@s.whatsapp.net' }), me)).toBeNull()
  expect(
    readByOwnDevice(receipt({ from: '1-2@g.us', participant: '15550001111@s.whatsapp.net' }), me),
  ).toBeNull()
  const delivered = receipt({ from: '15550009999:0@s.whatsapp.net', recipient: CHAT, type: 'sender' })
  expect(readByOwnDevice(delivered, me)).toBeNull()
  expect(
    readByOwnDevice(receipt({ from: '15550009999:0@s.whatsapp.net', recipient: CHAT }), undefined),
  ).toBeNull()
})
