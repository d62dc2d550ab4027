import { EventEmitter } from 'node:events'
import { type BinaryNode, Curve, type WASocket } from '@whiskeysockets/baileys'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Passkey } from '../../../../../src/simulator/linking/passkey/passkey.ts'
import { DeviceRegistration } from '../../../../../src/transports/linked-device/linking/device-registration.ts'
import type { CredentialStore } from '../../../../../src/transports/linked-device/signal/credential-store.ts'

const PHONE_KEY = 'link_code_pairing_wrapped_primary_ephemeral_pub'
const CHALLENGE = Buffer.alloc(32, 9).toString('base64url')
const FIRST = Buffer.alloc(32, 1).toString('base64')

let ws: EventEmitter
let credentials: { advSecretKey: string; pairingCode: string | undefined }
let store: { linked: boolean; credentials: object; saveCredentials(): void }
let registration: DeviceRegistration
/** Tags that the signature was sent with. */
let prologue: string[]
/** Answers to a pairing code that Baileys derived a secret from. */
let derived: string[]
const passkeyMoved = vi.fn()

beforeEach(() => {
  ws = new EventEmitter()
  prologue = []
  derived = []
  passkeyMoved.mockReset()
  const { public: key } = Curve.generateKeyPair()
  credentials = { advSecretKey: FIRST, pairingCode: 'ABCDEFGH' }
  Object.assign(credentials, { noiseKey: { public: key }, signedIdentityKey: { public: key } })
  store = { linked: false, credentials, saveCredentials: () => {} }
  const query = async ({ content }: BinaryNode): Promise<BinaryNode> => {
    const [asked] = content as BinaryNode[]
    if (asked?.tag === 'passkey_prologue') prologue = (asked.content as BinaryNode[]).map(({ tag }) => tag)
    return { tag: 'iq', attrs: { type: 'result' }, content: [{ tag: 'ref', attrs: {}, content: 'ref' }] }
  }
  const ignore = (): void => {}
  registration = new DeviceRegistration({
    baileys: { ws, query, generateMessageTag: () => 'id' } as unknown as WASocket,
    store: store as CredentialStore,
    timings: {},
    now: () => 1_000,
    events: {
      qr: ignore,
      qrsExpired: ignore,
      codeEntered: ignore,
      linkRefused: ignore,
      passkeyMoved,
    },
  })
  registration.listen()
  ws.on('CB:notification,type:link_code_companion_reg', deriveSecret)
})

/** As Baileys: nothing comes of an answer without the phone's key. */
function deriveSecret({ content }: BinaryNode): void {
  const [step] = content as BinaryNode[]
  const key = Array.isArray(step?.content) && step.content.find(({ tag }) => tag === PHONE_KEY)?.content
  if (!Buffer.isBuffer(key)) return
  derived.push(key.toString())
  credentials.advSecretKey = `derived from ${key.toString()}`
}

function phoneAnswers(key: string | null): void {
  const parts: BinaryNode[] = [{ tag: 'link_code_pairing_ref', attrs: {}, content: Buffer.from('ref') }]
  if (key !== null) parts.push({ tag: PHONE_KEY, attrs: {}, content: Buffer.from(key) })
  notify('link_code_companion_reg', { tag: 'link_code_companion_reg', attrs: {}, content: parts })
}

function demandPasskey(): void {
  const options = Buffer.from(JSON.stringify({ challenge: CHALLENGE, rpId: 'whatsapp.com' }))
  notify('passkey_prologue_request', { tag: 'passkey_request_options', attrs: {}, content: options })
}

function notify(type: string, child: BinaryNode): void {
  const stanza = { tag: 'notification', attrs: { from: 's.whatsapp.net', type }, content: [child] }
  ws.emit(`CB:notification,type:${type}`, stanza)
}

async function isCodeProven(): Promise<boolean> {
  const ceremonyId = registration.passkey.current?.ceremonyId ?? ''
  const assertion = JSON.stringify(Passkey.create().sign(CHALLENGE))
  registration.passkey.answer({ ceremonyId, assertion })
  await expect.poll(() => prologue).toContain('prologue_payload')
  return prologue.includes('pairing_handoff_proof')
}

describe('answers of the phone to a pairing code', () => {
  it('passes each on once, also where others came in between', () => {
    for (const key of ['A', 'B', 'A', 'B', 'C', 'A']) phoneAnswers(key)
    expect(derived).toEqual(['A', 'B', 'C'])
  })

  it('proves the agreed secret to the phone, whatever came after it', async () => {
    phoneAnswers('A')
    phoneAnswers(null)
    phoneAnswers('A')
    expect(derived).toEqual(['A'])
    demandPasskey()
    expect(await isCodeProven()).toBe(true)
  })

  it('proves nothing to a phone that agreed on none', async () => {
    phoneAnswers(null)
    demandPasskey()
    expect(await isCodeProven()).toBe(false)
  })

  it('leaves the secret of a passkey ceremony as it is', () => {
    phoneAnswers('A')
    demandPasskey()
    const secret = credentials.advSecretKey
    expect(secret).not.toBe('derived from A')
    phoneAnswers('B')
    expect(credentials.advSecretKey).toBe(secret)
  })
})

it('begins no passkey ceremony on a linked account, whose secret stays', () => {
  store.linked = true
  demandPasskey()
  expect(credentials.advSecretKey).toBe(FIRST)
  expect(registration.passkey.current).toBeNull()
  expect(passkeyMoved).not.toHaveBeenCalled()
})
