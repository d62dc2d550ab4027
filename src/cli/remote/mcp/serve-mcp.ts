import { once } from 'node:events'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { createMcpServer } from '../../../control/mcp/create-mcp-server.ts'
import type { Scope } from '../../../protocol/tokens/scopes.ts'
import { DaemonCalls } from './daemon-calls.ts'
import { daemonFiles } from './daemon-files.ts'

/** Of one message of the client: room for the longest text, as JSON may write it. */
const MAX_MESSAGE_BYTES = 512 * 1_024

/** Serves MCP on standard input and output until the client closes its end, or `signal` is aborted. */
export async function serveMcp(options: {
  stateDir: string
  scopes: readonly Scope[]
  /** The folder of which the client may send files; `null` for none. Absolute. */
  folder: string | null
  version: string
  signal: AbortSignal
}): Promise<void> {
  const { stateDir, scopes, folder, version, signal } = options
  const calls = new DaemonCalls(stateDir, scopes)
  const ended = Promise.race([
    once(process.stdin, 'end'),
    once(process.stdin, 'close'),
    once(signal, 'abort'),
  ])
  const files = daemonFiles(calls, { stateDir, folder, signal })
  const transport = new StdioServerTransport(process.stdin, process.stdout, {
    maxBufferSize: MAX_MESSAGE_BYTES,
  })
  const server = serveStdio(() => createMcpServer({ version, scopes, call: calls.call, files }), {
    transport,
    maxSubscriptions: 0,
  })
  if (!signal.aborted) await ended
  calls.close()
  await server.close()
}
