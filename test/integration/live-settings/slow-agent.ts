import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const BETWEEN_PIECES_MS = 400
/** Three paragraphs, one after the other. */
const PIECES = [0, 1, 2].map((index) => `${`paragraph ${index} `.repeat(5).trim()}\n\n`)

/** An assistant that writes three paragraphs with pauses between them, as settings of the channel, for as long as `use` takes. */
export async function withSlowAgent(
  use: (settings: Record<string, unknown>) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const [index, content] of PIECES.entries())
      setTimeout(() => {
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
        if (index === PIECES.length - 1) response.end('data: [DONE]\n\n')
      }, index * BETWEEN_PIECES_MS)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The address of a server that listens on a port.
  const { port } = server.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${port}/v1`
  try {
    await use({
      agents: { slow: { connector: 'openai-chat', baseUrl, model: 'slow' } },
      defaultAgent: 'slow',
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
