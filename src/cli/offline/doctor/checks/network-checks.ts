import { connect } from 'node:net'
import { DaemonError } from '../../../../protocol/errors.ts'
import { namedProxies } from '../../../../network/proxy-for.ts'
import { askServer } from '../../../../network/ask-server.ts'
import type { OutboundNetwork } from '../../../../network/outbound-network.ts'
import { createLogger } from '../../../../observability/log/logger.ts'
import type { ServerReport } from '../../../../transports/link.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'
import { isBusiness } from '../is-business.ts'
import { outboundNetwork } from '../outbound.ts'
import { serverFindings } from '../server-findings.ts'

const CONNECT_LIMIT_MS = 3_000
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }
const SOCKS_PORT = 1_080

const SERVER_LIMIT_MS = 8_000
/** Versions of four months were refused (July 2026). */
const OLD_VERSION_DAYS = 120

/** Of the way to the network. No account is used: the daemon says how the link is. */
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
  {
    id: 'network.whatsapp',
    looksAt:
      "whether WhatsApp's servers answer (of Business numbers: Meta's, or 360dialog's): their name (`network.name`), the connection, this machine's clock against theirs (`machine.clock`), and how old the client version of this build is (`client.version`)",
    look: async (facts, signal) => {
      const { config } = facts
      // What cannot be used of the proxy is a finding of its own.
      const network = await outboundNetwork(facts).catch(() => null)
      if (config === null || network === null) return []
      const [links, ...others] = await Promise.all([
        lookAtLinkServer(facts, network, signal),
        ...graphServers(facts).map((url) => lookAtGraphServer(url, facts, network, signal)),
      ])
      return [...links, ...others.flat()]
    },
  },
]

/** The server of linked devices, where an account may be one. */
async function lookAtLinkServer(
  facts: DoctorFacts,
  network: OutboundNetwork,
  signal: AbortSignal,
): Promise<Found[]> {
  const { config, stateDirectory, versionPage, ways } = facts
  const accounts = Object.values(config?.accounts ?? {})
  if (config === null || (accounts.length > 0 && accounts.every(isBusiness))) return []
  const kind = ways.transportKinds.linkedDevices({
    config: { running: config.daemon },
    network,
    stateDir: stateDirectory,
    logger: createLogger({ level: 'silent' }),
    versionPage,
  })
  const report = await kind.askServer?.(signal)
  if (report === undefined) return []
  const { host, answer, version } = report
  return [
    ...serverFindings(host, answer, isLinkUp(facts)),
    lookAtVersion(version, config.daemon.whatsapp.webSocketUrl),
  ]
}

function lookAtVersion(version: ServerReport['version'], ownServer: string | null): Found {
  const check = 'client.version'
  const { used, isChosen, isFound, isLookedUp, ageDays } = version
  const age = ageDays < 60 ? '' : `, about ${Math.round(ageDays / 30)} months old`
  if (isFound)
    return {
      ...warning(
        `WhatsApp refused the client version of this build; the current one (${used}) is used instead.`,
        'Upgrade whatsappd: npm install --global whatsappd@latest, then restart the daemon.',
      ),
      check,
    }
  const isOld = ageDays >= OLD_VERSION_DAYS && ownServer === null
  if (isOld && isChosen)
    return {
      ...warning(
        `whatsappd.whatsapp.version is ${used}${age}: WhatsApp refuses old versions.`,
        'Remove whatsappd.whatsapp.version from the config file, and restart the daemon.',
      ),
      check,
    }
  if (isOld && !isLookedUp)
    return {
      ...warning(
        `The client version of this build is ${used}${age}: WhatsApp refuses old versions.`,
        'Upgrade whatsappd, or set whatsappd.whatsapp.versionLookup to true, so that the daemon looks up the current one when it is refused.',
      ),
      check,
    }
  const next = isLookedUp ? '; the daemon looks up the current one when WhatsApp refuses it' : ''
  return { ...fine(`The client version is ${used}${age}${next}.`), check }
}

/** Of numbers of WhatsApp Business. */
function graphServers({ config }: DoctorFacts): string[] {
  const businesses = Object.values(config?.accounts ?? {}).filter(isBusiness)
  return [...new Set(businesses.map(({ cloudApi }) => `${new URL(cloudApi.baseUrl).origin}/`))]
}

/** Without a token, and nothing that is there: any answer will do. */
async function lookAtGraphServer(
  url: string,
  facts: DoctorFacts,
  network: OutboundNetwork,
  signal: AbortSignal,
): Promise<Found[]> {
  const answer = await askServer(url, network.fetch, {
    method: 'HEAD',
    headers: {},
    limitMs: SERVER_LIMIT_MS,
    isDirect: network.isDirect(url),
    signal,
  })
  return serverFindings(new URL(url).host, answer, isLinkUp(facts))
}

function isLinkUp({ daemon }: DoctorFacts): boolean {
  return daemon.state === 'running' && daemon.accounts.some(({ state }) => state === 'connected')
}

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
