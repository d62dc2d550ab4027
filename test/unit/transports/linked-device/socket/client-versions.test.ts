import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogger } from '../../../../../src/observability/log/logger.ts'
import {
  type ClientVersion,
  ClientVersions,
} from '../../../../../src/transports/linked-device/socket/client-versions.ts'

const BUNDLED: ClientVersion = [2, 3000, 1_043_857_760]
const FOUND: ClientVersion = [2, 3000, 1_050_000_000]
const HOUR_MS = 3_600_000

describe('the client version', () => {
  let directory: string
  let server: Server
  let page: string
  let answer: { status: number; body: string }
  let asked: Record<string, unknown>[]
  let now: number

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-version-'))
    now = 0
    asked = []
    answer = { status: 200, body: named(1_050_000_000) }
    server = createServer(({ headers }, response) => {
      asked.push(headers)
      response.writeHead(answer.status, { location: 'http://127.0.0.1:1/' }).end(answer.body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // A server that listens on a TCP port has an address of this shape.
    page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sw.js`
  })
  afterEach(() => {
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const named = (revision: number | string): string => `{\\"client_revision\\": ${revision},\\"other\\":1}`
  const open = (
    settings: Partial<ReturnType<ConstructorParameters<typeof ClientVersions>[0]['settings']>> = {},
    options: { bundled?: ClientVersion; page?: string | undefined } = {},
  ): ClientVersions =>
    new ClientVersions({
      settings: () => ({ webSocketUrl: null, version: null, versionLookup: true, ...settings }),
      fetch,
      directory,
      logger: createLogger({ level: 'silent' }),
      now: () => now,
      page,
      bundled: BUNDLED,
      ...options,
    })

  it("is the build's until WhatsApp refuses it, then the one that WhatsApp's page names, also after a restart", async () => {
    const versions = open()
    expect(versions.current).toEqual(BUNDLED)
    expect(asked).toHaveLength(0)
    expect(await versions.renew(BUNDLED)).toBe(true)
    expect(versions.current).toEqual(FOUND)
    expect(asked[0]).toMatchObject({
      'sec-fetch-site': 'none',
      'user-agent': expect.stringContaining('Chrome/'),
    })
    expect(open().current).toEqual(FOUND)
    expect(readdirSync(directory)).toEqual(['client-version.json'])
  })

  it('of an older build is not used by a newer one', async () => {
    await open().renew(BUNDLED)
    const newer: ClientVersion = [2, 3000, 1_043_857_761]
    expect(open({}, { bundled: newer }).current).toEqual(newer)
  })

  it('is asked for once an hour, whoever asks', async () => {
    const versions = open()
    await Promise.all([versions.renew(BUNDLED), versions.renew(BUNDLED)])
    expect(await versions.renew(BUNDLED)).toBe(true)
    expect(await versions.renew(FOUND)).toBe(false)
    expect(asked).toHaveLength(1)
    now += HOUR_MS
    answer.body = named(1_050_000_001)
    expect(await versions.renew(FOUND)).toBe(true)
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['older than this build', () => named(BUNDLED[2] - 1)],
    ['far ahead', () => named(BUNDLED[2] + 10_000_000)],
    ['no number', () => named('-1')],
    ['a number without end', () => named('9'.repeat(400))],
    ['on no page of that kind', () => '<html>Please log in to the network</html>'],
    ['on a page without end', () => `${' '.repeat(5 * 1024 * 1024)}${named(FOUND[2])}`],
  ])('that is %s is not believed', async (_what, body) => {
    answer.body = body()
    const versions = open()
    expect(await versions.renew(BUNDLED)).toBe(false)
    expect(versions.current).toEqual(BUNDLED)
    expect(readdirSync(directory)).toEqual([])
  })

  it.each([400, 302, 404, 500])('is not taken from an answer with status %i', async (status) => {
    answer.status = status
    expect(await open().renew(BUNDLED)).toBe(false)
  })

  it.each([
    ['with a version in the config', { version: BUNDLED }, {}],
    ['where it is switched off', { versionLookup: false }, {}],
    ['with another server', { webSocketUrl: 'ws://127.0.0.1:4000/ws/chat' }, { page: undefined }],
  ])('is not asked for %s', async (_what, settings, options) => {
    const versions = open(settings, options)
    expect(await versions.renew(BUNDLED)).toBe(false)
    expect(versions.current).toEqual(BUNDLED)
    expect(asked).toHaveLength(0)
  })

  it('is the one of the build where the file is damaged', () => {
    writeFileSync(join(directory, 'client-version.json'), '{"bundled":[2', { mode: 0o600 })
    expect(open().current).toEqual(BUNDLED)
  })
})
