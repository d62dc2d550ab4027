import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TunnelAgent } from '../../../src/network/tunnel-agent.ts'

/** How a request to this port ends behind a proxy that answers every `CONNECT` with this status. */
async function refusal(status: number, port: number): Promise<string> {
  const server = createServer()
  server.on('connect', (_request, socket) => void socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port: proxyPort } = server.address() as AddressInfo
  const proxy = new URL(`http://127.0.0.1:${proxyPort}`)
  const agent = new TunnelAgent({ proxy, ca: null, tried: () => undefined })
  const asked = request({ agent, host: 'models.test', port, path: '/' })
  asked.end()
  const [error] = (await once(asked, 'error')) as [Error]
  return error.message
}

describe('a proxy that refuses', () => {
  // Squid, as it is installed, allows CONNECT to port 443 alone: an assistant at http:// was refused, and nothing told the way out.
  it.each([80, 11434])('the port %i names the setting that goes past it', async (port) => {
    const message = await refusal(403, port)
    expect(message).toContain(`port ${port}`)
    expect(message).toContain('whatsappd.noProxy')
  })

  it.each([
    [403, 443],
    [502, 80],
  ])('with %i for port %i does not', async (status, port) => {
    expect(await refusal(status, port)).toBe(
      `the proxy refuses the connection, or does not reach the server (HTTP ${status})`,
    )
  })
})
