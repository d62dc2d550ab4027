import { once } from 'node:events'
import { createServer, type Server } from 'node:http'

/** A tunnel to `url` that passes on the paths which begin with `passes`; everything else is 404. `null`: nothing. */
export async function openTunnel(url: string, passes: string | null): Promise<Server> {
  const tunnel = createServer((request, response) => {
    if (passes === null || request.url?.startsWith(passes) !== true) {
      response.writeHead(404).end('not here')
      return
    }
    void fetch(`${url}${request.url}`).then(async (answer) =>
      response.writeHead(answer.status).end(await answer.text()),
    )
  }).listen(0, '127.0.0.1')
  await once(tunnel, 'listening')
  return tunnel
}
