import type { IncomingMessage } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import type { LookupFunction } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { OUTSIDE_HOST } from './tunnel.ts'

/** As the world's name server answers: the sandbox's public name leads to the tunnel. */
const lookup: LookupFunction = (_hostname, { all }, callback) => {
  if (all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

/** What somebody far away needs to reach a tunnel of the tests by the sandbox's public name. */
export const FROM_OUTSIDE = { lookup, rejectUnauthorized: false } satisfies RequestOptions

/** The tunnel's address as a page far away knows it. */
export function outsideUrl(origin: string): string {
  return `wss://${OUTSIDE_HOST}:${new URL(origin).port}/v1/ws`
}

/** `fetch` as such a page has it. */
export async function fetchFromOutside(input: string, init: RequestInit = {}): Promise<Response> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const signal = init.signal ?? undefined
    request(input, { ...FROM_OUTSIDE, ...(signal === undefined ? {} : { signal }) }, resolve)
      .on('error', reject)
      .end()
  })
  return new Response(new Uint8Array(await buffer(response)), { status: response.statusCode ?? 500 })
}
