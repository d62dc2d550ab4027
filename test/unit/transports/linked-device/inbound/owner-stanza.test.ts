import { describe, expect, it } from 'vitest'
import { mayKeepWords } from '../../../../../src/transports/linked-device/inbound/owner-stanza.ts'

const me = { id: '15550000001:7@s.whatsapp.net', lid: '900000000001:7@lid' }
const known = { lidOf: () => null, numberOf: () => null, ownNumber: '15550000001', isChanged: () => false }
const keeps = (attrs: Record<string, string>): boolean =>
  mayKeepWords(
    { tag: 'message', attrs },
    { me, known },
    { keepsOwnerWords: () => true, wantsHistory: () => false },
  )

describe('whether words may be on the disk before their verdict', () => {
  // The history that a phone shares has the words of everybody.
  it.each(['15550000001@s.whatsapp.net', '900000000001@lid'])(
    'not what %s shares with its devices',
    (from) => {
      expect(keeps({ id: 'A', from, category: 'peer' })).toBe(false)
      expect(keeps({ id: 'A', from, recipient: '15550000002@s.whatsapp.net' })).toBe(true)
    },
  )

  it('a person gains nothing by saying the same', () => {
    expect(keeps({ id: 'A', from: '15550000002@s.whatsapp.net', category: 'peer' })).toBe(true)
  })
})
