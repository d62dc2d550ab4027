import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clientAddress } from '../../../../src/control/http/client-address.ts'

const server = createServer((incoming, response) => response.end(clientAddress(incoming)))
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

function sourceWith(forwarded: string | string[] | undefined): Promise<string> {
  const { port } = server.address() as AddressInfo
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', headers }, (response) => {
      response.setEncoding('utf8').once('data', resolve)
    })
      .once('error', reject)
      .end()
  })
}

it.each<[string | string[] | undefined, string]>([
  [undefined, '127.0.0.1'],
  ['203.0.113.9', '127.0.0.1 for 203.0.113.9'],
  ['made up, 203.0.113.9', '127.0.0.1 for 203.0.113.9'],
  [['made up', '203.0.113.9'], '127.0.0.1 for 203.0.113.9'],
  ['x'.repeat(5_000), `127.0.0.1 for ${'x'.repeat(64)}`],
])('tells who comes through a proxy on this machine apart: %j', async (forwarded, source) => {
  expect(await sourceWith(forwarded)).toBe(source)
})
