import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { requestListener } from '../../../../src/control/http/request-listener.ts'
import type { HttpRoutesDeps } from '../../../../src/control/http/routes/route.ts'

let server: Server | null = null
afterEach(() => server?.close())

// Whoever updated the package while the daemon ran got no answer to any request until it was restarted.
it('answers with a sentence where a part of the program cannot be loaded, and tries again', async () => {
  const failures: unknown[] = []
  let isThere = false
  // The one member that is used before there are routes.
  const deps = { onUnexpectedError: (error: unknown) => failures.push(error) } as unknown as HttpRoutesDeps
  const listener = requestListener(deps, async () => {
    if (!isThere) throw new Error('the file is gone')
    return async (_request, response) => void response.end('served')
  })
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // As it listens.
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/livez`

  for (let request = 1; request <= 2; request += 1) {
    const answer = await fetch(url)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await answer.json()).toMatchObject({
      error: { code: 'internal_error', action: expect.stringContaining('restart it') },
    })
    expect(failures).toHaveLength(request)
  }
  isThere = true
  expect(await (await fetch(url)).text()).toBe('served')
})
