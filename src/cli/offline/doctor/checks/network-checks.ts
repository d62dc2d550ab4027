import { connect } from 'node:net'
import { DaemonError } from '../../../../protocol/errors.ts'
import { namedProxies } from '../../../../network/proxy-for.ts'
import { type Check, fine, type Found, problem } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'
import { outboundNetwork } from '../outbound.ts'

const CONNECT_LIMIT_MS = 3_000
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const SOCKS_PORT = 1_080

/** Of the way to the network. WhatsApp itself is not contacted: the daemon says how the link is. */
export const NETWORK_CHECKS: readonly Check[] = [
  {
    id: 'network.proxy',
    looksAt: 'whether proxy and certificates can be used, and the proxy answers',
    look: async (facts) => {
      if (facts.config === null) return []
      try {
        await outboundNetwork(facts)
      } catch (error) {
        if (!(error instanceof DaemonError)) throw error
        return [problem(error.message, error.action ?? 'Correct the setting, or the variable.')]
      }
      const proxies = [...new Map(proxiesOf(facts).map((proxy) => [proxy.host, proxy])).values()]
      return proxies.length === 0 ? [fine('No proxy is used.')] : Promise.all(proxies.map(lookAtProxy))
    },
  },
]

function proxiesOf({ config, env, secrets }: DoctorFacts): URL[] {
  const { proxy = null, noProxy = [] } = config?.daemon ?? {}
  return namedProxies({ proxy: proxy && secrets.read(proxy), noProxy }, env)
}

/** Neither user nor password of the address is shown, nor sent. */
function lookAtProxy({ protocol, hostname, port, host }: URL): Promise<Found> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (PORTS[protocol] ?? SOCKS_PORT) : Number(port),
      timeout: CONNECT_LIMIT_MS,
    })
    const answer = (found: Found): void => {
      socket.destroy()
      resolve(found)
    }
    const silent = (why: string): Found =>
      problem(
        `The proxy ${host} does not answer (${why}).`,
        'Start it, or correct whatsappd.proxy; without that setting HTTPS_PROXY, HTTP_PROXY and ALL_PROXY count.',
      )
    socket.once('connect', () => answer(fine(`The proxy ${host} answers.`)))
    socket.once('error', (error) => answer(silent('code' in error ? String(error.code) : 'error')))
    socket.once('timeout', () => answer(silent('too late')))
  })
}
