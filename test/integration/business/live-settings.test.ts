import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { BusinessDaemon } from '../../support/business-daemon.ts'
import { ALICE } from '../../support/stack.ts'

let daemon: BusinessDaemon
afterEach(() => daemon.stop())

/** Writes `cloudApi` with these values. */
function set(cloudApi: Record<string, unknown>): void {
  daemon.writeConfig([ALICE], { cloudApi: { ...daemon.cloudApi, ...cloudApi } })
}

/** As Meta asks when a callback address is entered; the status. */
async function challengedWith(verifyToken: string, path = ''): Promise<number> {
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.challenge': '1',
    'hub.verify_token': verifyToken,
  })
  return (await fetch(`${daemon.callbackUrl}${path}?${query}`)).status
}

it('every value of cloudApi counts at once', async () => {
  daemon = await BusinessDaemon.start()
  const body = { object: 'whatsapp_business_account', entry: [] }
  const post = (): Promise<number | null> =>
    daemon.platform.postWebhook(daemon.number, daemon.callbackUrl, { body })

  set({ verifyToken: 'another' })
  await daemon.until('the verify token', () => daemon.account().business?.webhook.verifyToken === 'another')
  expect([await challengedWith('another'), await challengedWith(daemon.number.verifyToken)]).toEqual([
    200, 403,
  ])

  expect(await post()).toBe(200)
  set({ appSecret: 'another' })
  await vi.waitFor(async () => expect(await post()).toBe(401), { timeout: 20_000 })
  set({ appSecret: ['another', daemon.number.appSecret] })
  await vi.waitFor(async () => expect(await post()).toBe(200), { timeout: 20_000 })

  set({ phoneNumberId: '999' })
  await daemon.until('another number', () => daemon.account().reason?.code === 'number_not_found')
  set({ businessAccountId: '999' })
  await daemon.until('another account', () => daemon.account().business?.businessAccountId === '999')
  set({ accessToken: 'EAAnone' })
  await daemon.until('another token', () => daemon.account().reason?.code === 'access_token_revoked')
  set({})
  await daemon.untilState('connected')

  const asked: string[] = []
  const other = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(500).end()
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo // it listens
  set({ baseUrl: `http://127.0.0.1:${port}`, apiVersion: 'v24.0', mediaHosts: [] })
  await vi.waitFor(() => expect(asked.some((url) => url.startsWith('/v24.0/'))).toBe(true), {
    timeout: 20_000,
  })
  other.close()
  set({ provider: '360dialog', pathSecret: 'p'.repeat(30) })
  await daemon.until('another provider', () => daemon.account().business?.provider === '360dialog')
  expect(await challengedWith(daemon.number.verifyToken, `/${'p'.repeat(30)}`)).toBe(200)
})

it('a token in a file that is replaced counts by itself', async () => {
  daemon = await BusinessDaemon.start({ businessTimings: { lookEveryMs: 20 } })
  const file = join(daemon.directory, 'token')
  writeFileSync(file, daemon.number.accessToken)
  set({ accessToken: { file } })
  await daemon.until('the file', () => daemon.account().business?.source === 'config')
  daemon.platform.endToken(daemon.number, 'expired')
  await daemon.accounts.reconnect('default')
  await daemon.untilState('logged_out')
  writeFileSync(file, daemon.platform.renewToken(daemon.number))
  await daemon.untilState('connected')
})

it('another transport counts at once', async () => {
  daemon = await BusinessDaemon.start()
  daemon.writeConfig([ALICE], { transport: 'linked-device' })
  expect(await daemon.untilState('unlinked')).toMatchObject({ transport: 'linked-device', business: null })
  daemon.writeConfig([ALICE])
  await daemon.untilState('connected')
})
