import { expect, it } from 'vitest'
import { isOwnersWordTo } from '../../../../../src/transports/linked-device/inbound/owner-stanza.ts'

const ME = { id: '15550009999:3@s.whatsapp.net', lid: '900:3@lid' }
const ALICE = new Set(['15550001111', '100'])
const isToAlice = (attrs: Record<string, string>): boolean =>
  isOwnersWordTo({ tag: 'message', attrs: { id: 'A', ...attrs } }, ME, ALICE)

// Baileys says that words of the owner were received before it hands them over: an answer that left in between talked over the owner.
it.each([
  { from: '15550009999@s.whatsapp.net', recipient: '15550001111@s.whatsapp.net' },
  { from: '900@lid', recipient: '100@lid' },
  { from: '900:1@lid', recipient: '555@lid', peer_recipient_pn: '15550001111@s.whatsapp.net' },
  {
    from: '15550009999@s.whatsapp.net',
    recipient: '15550002222@s.whatsapp.net',
    peer_recipient_lid: '100@lid',
  },
])('is what the owner writes to somebody by any of their names: %j', (attrs) => {
  expect(isToAlice(attrs)).toBe(true)
})

it.each([
  { from: '15550001111@s.whatsapp.net' },
  { from: '15550001111@s.whatsapp.net', recipient: '15550001111@s.whatsapp.net' },
  { from: '900@lid', recipient: '200@lid' },
  { from: '900@lid', recipient: '900@lid' },
  { from: '900@lid', recipient: '100@lid', category: 'peer' },
  { from: '1-2@g.us', participant: '900@lid' },
])('is not what others write, the owner to others, or the phone to its devices: %j', (attrs) => {
  expect(isToAlice(attrs)).toBe(false)
})
