import { lookup as resolve } from 'node:dns'
import type { Agent } from 'node:http'
import type { LookupFunction } from 'node:net'
import { type Fetch, fetchThrough } from './fetch-through.ts'
import { destinationOf } from './no-proxy.ts'

/** Why nothing is sent to an address at a port, as the end of a sentence ("… is refused: it is …"); `null` where it may be. */
export type RefuseAddress = (address: string, port: number) => string | null

/** A connection that was not made. `why` as `RefuseAddress` says it. */
export class AddressRefused extends Error {
  readonly why: string

  constructor(why: string) {
    super(`the connection is refused: ${why}`)
    this.why = why
    this.name = 'AddressRefused'
  }
}

/**
 * A `fetch` that asks `refuse` about the host of each URL and, where it connects itself, about every address that its name leads to at that
 * moment, so that a name cannot change its meaning between a check and the connection. A proxy resolves names by itself: behind one only the
 * URL is asked about. Each request has its own connection. Rejects with `AddressRefused`, or as `fetch` does.
 */
export function guardedFetch(agentFor: (url: string) => Agent | undefined, refuse: RefuseAddress): Fetch {
  return async (url, init) => {
    const { host, port } = destinationOf(url)
    const why = refuse(host, port)
    if (why !== null) throw new AddressRefused(why)
    try {
      return await fetchThrough(agentFor, guardedLookup(port, refuse))(url, init)
    } catch (error) {
      const { cause } = error as { cause?: unknown }
      throw cause instanceof AddressRefused ? cause : error
    }
  }
}

/** Node's own lookup, of which one refused address refuses all. */
function guardedLookup(port: number, refuse: RefuseAddress): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, [])
      const why = found.map(({ address }) => refuse(address, port)).find((each) => each !== null)
      if (why !== undefined) return done(new AddressRefused(why), [])
      const [first] = found
      if (options.all === true || first === undefined) done(null, found)
      else done(null, first.address, first.family)
    })
  }
}
