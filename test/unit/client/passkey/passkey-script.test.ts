import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { passkeyPageUrl } from '../../../../src/client/passkey/passkey-page-url.ts'
import { COPY_COMMAND, passkeyScript } from '../../../../src/client/passkey/passkey-script.ts'

const OPTIONS = {
  challenge: 'AAECAwQFBgcICf8-_w',
  timeout: 600_000,
  rpId: 'whatsapp.com',
  allowCredentials: [{ type: 'public-key', id: 'AQID' }],
  userVerification: 'required',
}
const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer

/** What a page offers, of a browser that is too old to read options by itself. */
function console(page: object = {}) {
  const asked: { publicKey: { challenge: Uint8Array; allowCredentials: { id: Uint8Array }[] } }[] = []
  const printed: string[] = []
  const context = createContext({
    location: { origin: 'https://web.whatsapp.com' },
    document: { hasFocus: () => true },
    PublicKeyCredential: {},
    navigator: {
      credentials: {
        get: async (request: (typeof asked)[number]) => {
          asked.push(request)
          return {
            id: '-_8',
            rawId: bytes(0xfb, 0xff),
            type: 'public-key',
            response: {
              clientDataJSON: bytes(1),
              authenticatorData: bytes(2, 3),
              signature: bytes(4, 5, 6),
              userHandle: null,
            },
          }
        },
      },
    },
    console: { log: (line: string) => printed.push(line) },
    atob,
    btoa,
    ...page,
  })
  return { asked, printed, run: (line: string): unknown => runInContext(line, context) }
}

describe('the script for the console of WhatsApp Web', () => {
  it('signs what it was given, and prints exactly what WhatsApp takes', async () => {
    const { asked, printed, run } = console()
    await run(passkeyScript(OPTIONS))
    expect([...(asked[0]?.publicKey.challenge ?? [])]).toEqual([
      ...Buffer.from(OPTIONS.challenge, 'base64url'),
    ])
    expect([...(asked[0]?.publicKey.allowCredentials[0]?.id ?? [])]).toEqual([1, 2, 3])
    const answer = {
      id: '-_8',
      rawId: '-_8',
      type: 'public-key',
      response: { clientDataJSON: 'AQ', authenticatorData: 'AgM', signature: 'BAUG', userHandle: null },
    }
    expect(printed).toEqual([JSON.stringify(answer)])
    expect(run(COPY_COMMAND.replace('copy', ''))).toBe(printed[0])
  })

  it('leaves the reading of the options to browsers that can, unchanged', async () => {
    const { asked, run } = console({
      PublicKeyCredential: { parseRequestOptionsFromJSON: (options: object) => ({ parsed: options }) },
    })
    await run(passkeyScript({ ...OPTIONS, extensions: { uvm: true }, later: 'ß" \u2028' }))
    expect(JSON.parse(JSON.stringify(asked[0]?.publicKey))).toEqual({
      parsed: { ...OPTIONS, extensions: { uvm: true }, later: 'ß" \u2028' },
    })
  })

  it('waits for a click where the console has the focus', async () => {
    let click: (event: object) => void = () => {}
    const { asked, printed, run } = console({
      document: { hasFocus: () => false },
      addEventListener: (_: string, listener: typeof click) => (click = listener),
    })
    const signed = run(passkeyScript(OPTIONS))
    expect(asked).toEqual([])
    expect(printed).toEqual(['Now click anywhere on the page.'])
    click({ preventDefault() {}, stopImmediatePropagation() {} })
    await signed
    expect(asked).toHaveLength(1)
  })

  it('refuses every other page', async () => {
    const { asked, run } = console({ location: { origin: 'https://web.whatsapp.com.example' } })
    await expect(run(passkeyScript(OPTIONS))).rejects.toThrow('Run this on https://web.whatsapp.com')
    expect(asked).toEqual([])
  })

  it('is one line of plain characters, and is not made for another relying party', () => {
    expect(passkeyScript({ ...OPTIONS, later: 'ü\n\u2028' })).toMatch(/^[ -~]+$/)
    expect(() => passkeyScript({ ...OPTIONS, rpId: 'example.com' })).toThrow('not for a passkey of WhatsApp')
    expect(() => passkeyPageUrl({ options: {}, daemon: 'here', expiresAt: '' })).toThrow('not for a passkey')
  })
})

it('the address of the page carries what is to be signed in its fragment alone', () => {
  const url = new URL(passkeyPageUrl({ options: OPTIONS, daemon: 'bücher.example', expiresAt: '2026-11-30' }))
  expect(`${url.origin}${url.pathname}${url.search}`).toBe('https://web.whatsapp.com/')
  const [, carried = ''] = /^#whatsappd=([\w-]+)$/.exec(url.hash) ?? []
  expect(JSON.parse(Buffer.from(carried, 'base64url').toString('utf8'))).toEqual({
    v: 1,
    options: OPTIONS,
    daemon: 'bücher.example',
    expiresAt: '2026-11-30',
  })
})
