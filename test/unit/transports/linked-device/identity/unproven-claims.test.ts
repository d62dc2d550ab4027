import { describe, expect, it } from 'vitest'
import {
  removeUnprovenClaims,
  removeUnprovenLid,
} from '../../../../../src/transports/linked-device/identity/unproven-claims.ts'

const known = {
  ownNumber: '1',
  isChanged: () => false,
  lidOf: (number: string) => (number === '15550000002' ? '200' : null),
  numberOf: () => null,
}

describe('what is taken out of stanzas', () => {
  // From a hosted address the attribute stayed, and named the sender.
  it.each(['15550000003@s.whatsapp.net', '300@lid', '15550000003:99@hosted', '300:99@hosted.lid'])(
    'is an author besides the sender %s',
    (from) => {
      const stanza = { tag: 'message', attrs: { from, participant: '15550000002@s.whatsapp.net' } }
      removeUnprovenClaims(stanza)
      expect(stanza.attrs).toEqual({ from })
    },
  )

  it('is not the author in a group', () => {
    const stanza = { tag: 'message', attrs: { from: '120363@g.us', participant: '300@lid' } }
    removeUnprovenClaims(stanza)
    expect(stanza.attrs.participant).toBe('300@lid')
  })

  // Mallory's token was stored as Alice's, and sent with what we wrote to Alice.
  it.each([
    ['300@lid', '200@lid', false],
    ['15550000003@s.whatsapp.net', '200@lid', false],
    ['15550000009@s.whatsapp.net', '900@lid', false],
    ['15550000002@s.whatsapp.net', '200@lid', true],
    ['200@lid', '200@lid', true],
  ])('is the LID that a notification of %s names: %s (stays: %s)', (from, lid, stays) => {
    const stanza = { tag: 'notification', attrs: { from, type: 'privacy_token', sender_lid: lid } }
    removeUnprovenLid(stanza, known)
    expect(stanza.attrs.sender_lid).toBe(stays ? lid : undefined)
  })
})
