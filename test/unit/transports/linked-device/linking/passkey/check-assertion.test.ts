import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DaemonError } from '../../../../../../src/protocol/errors.ts'
import { checkAssertion } from '../../../../../../src/transports/linked-device/linking/passkey/check-assertion.ts'

const CHALLENGE = Buffer.alloc(32, 9).toString('base64url')
const url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url')

interface Parts {
  clientData?: Record<string, unknown>
  site?: string
  flags?: number
  answer?: Record<string, unknown>
  response?: Record<string, unknown>
}

function answerOf({ clientData, site = 'whatsapp.com', flags = 0x1d, answer, response }: Parts = {}): Record<
  string,
  unknown
> {
  const hash = createHash('sha256').update(site).digest()
  const data = {
    type: 'webauthn.get',
    challenge: CHALLENGE,
    origin: 'https://web.whatsapp.com',
    crossOrigin: false,
  }
  return {
    id: url('credential'),
    rawId: url('credential'),
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: { uvm: [] },
    response: {
      clientDataJSON: url(JSON.stringify({ ...data, ...clientData })),
      authenticatorData: url(Buffer.concat([hash, Buffer.from([flags]), Buffer.alloc(4)])),
      signature: url(Buffer.alloc(70, 1)),
      userHandle: url('user'),
      ...response,
    },
    ...answer,
  }
}

it('hands on exactly the members that WhatsApp Web sends, and the raw id', () => {
  const { credentialId, json } = checkAssertion(answerOf(), CHALLENGE)
  expect(Buffer.from(credentialId).toString()).toBe('credential')
  const sent: unknown = JSON.parse(Buffer.from(json).toString())
  const { id, rawId, type, response } = answerOf()
  expect(sent).toEqual({ id, rawId, type, response })
  expect(Object.keys(sent as object)).toEqual(['id', 'rawId', 'type', 'response'])
})

const text = JSON.stringify(answerOf())
it.each<[string, string | Record<string, unknown>]>([
  ['as text', text],
  ['between the quotes of a console', `'${text}'`],
  ['as a JSON string', JSON.stringify(text)],
  ['with the line breaks of a terminal', `  ${text.replaceAll(/(.{80})/g, '$1\r\n')}\n`],
  ['with padding', answerOf({ answer: { rawId: `${url('credential')}==`, id: url('credential') } })],
  ['without an id beside rawId', answerOf({ answer: { id: undefined } })],
])('takes it %s', (_name, given) => {
  expect(Buffer.from(checkAssertion(given, CHALLENGE).credentialId).toString()).toBe('credential')
})

it.each([undefined, null, ''])('says that there is no user handle where it is %j', (userHandle) => {
  const { json } = checkAssertion(answerOf({ response: { userHandle } }), CHALLENGE)
  expect(JSON.parse(Buffer.from(json).toString())).toMatchObject({ response: { userHandle: null } })
})

it.each<[string, string | Record<string, unknown>, string | undefined, string]>([
  ['no JSON', 'yes', undefined, 'copy it whole'],
  ['half of it', text.slice(0, 200), undefined, 'copy it whole'],
  ['a list', '[]', undefined, 'copy it whole'],
  ['too much', { ...answerOf(), more: 'x'.repeat(17_000) }, undefined, '16 KiB'],
  ['another kind', answerOf({ answer: { type: 'password' } }), 'type', 'public-key'],
  ['no response', answerOf({ answer: { response: 'x' } }), 'response', 'missing'],
  ['two ids', answerOf({ answer: { id: url('other') } }), 'id', 'rawId'],
  ['a long id', answerOf({ answer: { id: undefined, rawId: url(Buffer.alloc(1_024)) } }), 'rawId', '1023'],
  ['no signature', answerOf({ response: { signature: '' } }), 'response.signature', 'missing'],
  ['standard base64', answerOf({ response: { signature: '+/+/' } }), 'response.signature', 'base64url'],
  [
    'long client data',
    answerOf({ clientData: { more: 'x'.repeat(4_096) } }),
    'response.clientDataJSON',
    '4096',
  ],
  [
    'client data without JSON',
    answerOf({ response: { clientDataJSON: url('no') } }),
    'response.clientDataJSON',
    'JSON',
  ],
  [
    'a new passkey',
    answerOf({ clientData: { type: 'webauthn.create' } }),
    'response.clientDataJSON',
    'signature',
  ],
  [
    'an earlier challenge',
    answerOf({ clientData: { challenge: url('old') } }),
    'response.clientDataJSON',
    'earlier',
  ],
  [
    'another page',
    answerOf({ clientData: { origin: 'https://web.whatsapp.com.evil.example' } }),
    'response.clientDataJSON',
    'evil.example',
  ],
  [
    'a page inside of another one',
    answerOf({ clientData: { crossOrigin: true } }),
    'response.clientDataJSON',
    'inside',
  ],
  [
    'short authenticator data',
    answerOf({ response: { authenticatorData: url('short') } }),
    'response.authenticatorData',
    'short',
  ],
  ['another site', answerOf({ site: 'web.whatsapp.com' }), 'response.authenticatorData', 'another site'],
  ['nobody present', answerOf({ flags: 0x04 }), 'response.authenticatorData', 'present'],
  ['nobody verified', answerOf({ flags: 0x01 }), 'response.authenticatorData', 'fingerprint'],
])('refuses %s and says so', (_name, given, field, words) => {
  try {
    checkAssertion(given, CHALLENGE)
    expect.fail('it was taken')
  } catch (error) {
    expect(error).toMatchObject({ code: 'passkey_answer_invalid', message: expect.stringContaining(words) })
    expect(error).toHaveProperty('details', field === undefined ? undefined : { field })
  }
})

it('takes or refuses whatever comes, and throws nothing else', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      try {
        checkAssertion(typeof value === 'string' ? value : { ...answerOf(), response: value }, CHALLENGE)
      } catch (error) {
        expect(error).toBeInstanceOf(DaemonError)
      }
    }),
  )
})
