import { expect, it } from 'vitest'
import { readRequestOptions } from '../../../../../../src/transports/linked-device/linking/passkey/request-options.ts'

const SEEN =
  '{"challenge":"AQID_-8","timeout":600000,"rpId":"whatsapp.com","allowCredentials":[],"userVerification":"required","extensions":{"uvm":true}}'

it('hands on what WhatsApp was seen to ask, unchanged', () => {
  for (const content of [SEEN, Buffer.from(SEEN)])
    expect(readRequestOptions(content)).toEqual({
      json: JSON.parse(SEEN),
      challenge: 'AQID_-8',
      timeoutMs: 600_000,
    })
})

it.each([0, -5, 'soon', null, undefined])('does not believe a time of %j', (timeout) => {
  const content = JSON.stringify({ challenge: 'AQID', rpId: 'whatsapp.com', timeout })
  expect(readRequestOptions(content)).toMatchObject({ timeoutMs: null })
})

it.each<[string, unknown]>([
  ['another site', '{"challenge":"AQID","rpId":"evil.example"}'],
  ['no site', '{"challenge":"AQID"}'],
  ['no challenge', '{"rpId":"whatsapp.com"}'],
  ['a challenge that is not base64url', '{"challenge":"a b","rpId":"whatsapp.com"}'],
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no UTF-8', Buffer.from([0xff, 0xfe])],
  ['more than 4 KiB', JSON.stringify({ challenge: 'AQID', rpId: 'whatsapp.com', more: 'x'.repeat(4_096) })],
  ['no text at all', [{ tag: 'x' }]],
])('takes no options of %s', (_name, content) => {
  expect(readRequestOptions(content)).toBeNull()
})
