import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TurnAttachment } from '../../src/agents/agent.ts'
import { OfferedFiles } from '../../src/agents/turn-files/offered-files.ts'
import { turnMessageOf, turnOf } from '../support/turn-of.ts'
import { authConfig, claims, hs256, SECRET, secretKey } from './support/tokens.ts'
import { type Harness, LOCAL_TOKEN, startHarness } from './support/control-harness.ts'

const BYTES = Buffer.from('<script>alert(1)</script>')

describe('GET /v1/media/:id', () => {
  let harness: Harness
  let files: OfferedFiles
  let directory: string
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-media-'))
    files = new OfferedFiles()
    const agents = {
      attach: () => ({ accounts: [] }),
      take: () => null,
      takePosted: () => Promise.resolve(),
      offeredFile: (id: string) => files.find(id),
      list: () => [],
    }
    const auth = authConfig([secretKey(SECRET)])
    harness = await startHarness({ agents, authSettings: () => auth })
  })
  afterEach(async () => {
    await harness.stop()
    rmSync(directory, { recursive: true })
  })

  function fileOf(bytes: Buffer, mimeType: string | null = 'text/html'): TurnAttachment {
    const path = join(directory, 'file')
    writeFileSync(path, bytes)
    return { kind: 'document', what: 'document', name: 'a.html', mimeType, size: null, path }
  }
  const offer = (file: TurnAttachment) =>
    files.offer(turnOf({ messages: [turnMessageOf({ attachments: [file] })] }))
  const get = (path: string | null, init: RequestInit = {}): Promise<Response> =>
    fetch(`${harness.http}${path ?? '/none'}`, {
      headers: { authorization: `Bearer ${LOCAL_TOKEN}` },
      ...init,
    })

  it('has the bytes of a file of an open turn, as something that no browser opens', async () => {
    const file = fileOf(BYTES)
    const response = await get(offer(file).urlOf(file))
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(BYTES.length),
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES)
    const head = await get(offer(file).urlOf(file), {
      method: 'HEAD',
      headers: { authorization: `Bearer ${LOCAL_TOKEN}` },
    })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(BYTES.length)])
  })

  it.each([
    ['image/png', 'image/png'],
    ['audio/ogg; codecs=opus', 'audio/ogg'],
    ['image/svg+xml', 'application/octet-stream'],
    ['text/javascript', 'application/octet-stream'],
    [null, 'application/octet-stream'],
  ])('names the type %s as %s', async (mimeType, expected) => {
    const file = fileOf(BYTES, mimeType)
    expect((await get(offer(file).urlOf(file))).headers.get('content-type')).toBe(expected)
  })

  it('has nothing once the turn is over, nothing that is gone, and follows no link', async () => {
    const file = fileOf(BYTES)
    const { urlOf, withdraw } = offer(file)
    const url = urlOf(file)
    expect((await get(url)).status).toBe(200)
    withdraw()
    expect((await get(url)).status).toBe(404)
    const again = offer(file).urlOf(file)
    expect(again).not.toBe(url)
    rmSync(join(directory, 'file'))
    expect((await get(again)).status).toBe(404)
    symlinkSync('/etc/hostname', join(directory, 'file'))
    expect((await get(again)).status).toBe(404)
    expect((await get('/v1/media/..%2f..%2fetc%2fpasswd')).status).toBe(404)
  })

  it('is for tokens with scope agent', async () => {
    const file = fileOf(BYTES)
    const url = offer(file).urlOf(file)
    const withScopes = (scope: string): Promise<Response> =>
      get(url, { headers: { authorization: `Bearer ${hs256({ ...claims(), scope })}` } })
    expect((await withScopes('agent')).status).toBe(200)
    expect((await withScopes('read link config send')).status).toBe(403)
    expect((await get(url, { headers: {} })).status).toBe(401)
  })

  it('offers a bounded number of files', () => {
    const file = fileOf(BYTES)
    const many = Array.from({ length: 300 }, () => ({ ...file }))
    const { urlOf } = files.offer(turnOf({ messages: [turnMessageOf({ attachments: many })] }))
    expect(many.filter((each) => urlOf(each) !== null)).toHaveLength(100)
  })
})
