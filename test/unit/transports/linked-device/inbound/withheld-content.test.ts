import { describe, expect, it } from 'vitest'
import { renameWithheldContent } from '../../../../../src/transports/linked-device/inbound/withheld-content.ts'

describe('renameWithheldContent', () => {
  it.each([
    ['view_once_unavailable_fanout', 'view_once'],
    ['view_once', 'view_once'],
    ['hosted_unavailable_fanout', 'hosted_unavailable_fanout'],
  ])('of what is kept from linked devices makes of %s: %s', (type, expected) => {
    const enc = { tag: 'enc', attrs: { type: 'view_once_unavailable_fanout' } }
    const stanza = { tag: 'message', attrs: {}, content: [{ tag: 'unavailable', attrs: { type } }, enc] }
    renameWithheldContent(stanza)
    expect(stanza.content[0]?.attrs.type).toBe(expected)
    expect(enc.attrs.type).toBe('view_once_unavailable_fanout')
  })
})
