import { networkInterfaces } from 'node:os'
import { isLoopback } from '../../network/no-proxy.ts'
import type { RefuseAddress } from '../../network/guarded-fetch.ts'
import { isWithheld } from '../../network/withheld-destination.ts'
import type { ListenAddress } from '../http/listen.ts'

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/** Where no event is posted to, whatever the config says. `own`: where the control plane listens. */
export function refuseDestination(own: () => ListenAddress): RefuseAddress {
  return (address, port) => {
    if (isWithheld(address))
      return 'it is a link-local address, or one where a cloud gives out credentials of this machine'
    const { host, port: ownPort } = own()
    if (port !== ownPort || !leadsTo(host, address)) return null
    return 'it is the port of whatsappd itself, which takes no events'
  }
}

/** Whether what listens at `host` is reached by this address. */
function leadsTo(host: string, address: string): boolean {
  if (isLoopback({ host: address, port: 0 }) || address === host) return true
  if (!WILDCARDS.has(host)) return false
  return Object.values(networkInterfaces()).some((list) => list?.some((each) => each.address === address))
}
