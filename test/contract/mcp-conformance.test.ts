import { spawn } from 'node:child_process'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeRealAgents } from '../support/real-agents.ts'
import { type Harness, LOCAL_TOKEN, startHarness } from './support/control-harness.ts'

/** A program that loads for a second, on a machine that may be busy. */
const SLOW_MS = 60_000

/**
 * Of the suite those that ask for nothing but the protocol. The others call tools, prompts and resources of their own, or ask for what this
 * server does not offer: sessions, log messages, completion, subscriptions.
 */
const SCENARIOS = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'dns-rebinding-protection']

describeRealAgents("MCP's own conformance suite", (packages) => {
  let harness: Harness
  let proxy: Server
  beforeEach(async () => {
    harness = await startHarness()
    proxy = await startProxy(() => harness)
  })
  afterEach(async () => {
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
    await harness.stop()
  })

  it.each(SCENARIOS)(
    'is content with %s',
    async (scenario) => {
      // Listens on 127.0.0.1, at a port.
      const { port } = proxy.address() as AddressInfo
      const program = join(packages.directory, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
      const url = `http://localhost:${port}/mcp`
      const output = await outputOf([program, 'server', '--url', url, '--scenario', scenario])
      expect(output).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/)
    },
    SLOW_MS,
  )
})

/** The suite knows no tokens: this adds one, and says the port of the daemon where the client says its own. */
async function startProxy(harness: () => Harness): Promise<Server> {
  const server = createServer((incoming, response) => {
    const { host, port } = harness()
    const own = String((server.address() as AddressInfo).port)
    const here = (value: string | undefined): string | undefined => value?.replace(own, String(port))
    const { origin, ...others } = incoming.headers
    const headers = {
      ...others,
      host: here(others.host),
      ...(origin !== undefined && { origin: here(origin) }),
      authorization: `Bearer ${LOCAL_TOKEN}`,
    }
    const { url: path, method } = incoming
    const forwarded = request({ host, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    forwarded.once('error', () => response.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function outputOf(arguments_: string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.once('close', () => resolve(output))
  })
}
