import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys'
import { askServer } from '../../network/ask-server.ts'
import type { OutboundNetwork } from '../../network/outbound-network.ts'
import type { ServerReport } from '../link.ts'
import type { ClientVersions, VersionSettings } from './socket/client-versions.ts'
import { readRevision, VERSION_PAGE_HEADERS } from './socket/version-page.ts'

const LIMIT_MS = 8_000
const DAY_MS = 86_400_000
/** The third number of a client version grows evenly: seen 1043636855 on 2026-07-22 and 1045649367 on 2026-08-20 (whatsmeow). */
const KNOWN = { revision: 1_043_636_855, at: Date.UTC(2026, 6, 22), perDay: 69_400 } as const

interface LinkServerDependencies {
  settings: VersionSettings
  /** Read alone: nothing is looked up for the daemon. */
  versions: Pick<ClientVersions, 'current' | 'isBundledRefused' | 'page'>
  network: Pick<OutboundNetwork, 'fetch' | 'isDirect'>
  now: () => number
}

/**
 * Asks the server that phones are linked over for a page, as any browser does, without any account: whether it answers, how its clock is,
 * and how old the client version is that a link claims to be. Never rejects, and takes some seconds at most.
 */
export async function askServerOfLinks(
  { settings, versions, network, now }: LinkServerDependencies,
  signal: AbortSignal,
): Promise<ServerReport> {
  const { page } = versions
  const url = page ?? pageOf(settings.webSocketUrl ?? String(DEFAULT_CONNECTION_CONFIG.waWebSocketUrl))
  const answer = await askServer(url, network.fetch, {
    method: page === null ? 'HEAD' : 'GET',
    headers: page === null ? {} : VERSION_PAGE_HEADERS,
    limitMs: LIMIT_MS,
    isDirect: network.isDirect(url),
    signal,
  })
  const newest = answer.isAnswer && page !== null ? await revisionIn(answer.response) : Number.NaN
  const used = settings.version ?? versions.current
  return {
    host: new URL(url).host,
    answer,
    version: {
      used: used.join('.'),
      isChosen: settings.version !== null,
      isFound: settings.version === null && versions.isBundledRefused,
      isLookedUp: page !== null,
      ageDays: ageOf(used[2], newest, now()),
    },
  }
}

/** Any answer will do. */
function pageOf(webSocketUrl: string): string {
  const { protocol, host } = new URL(webSocketUrl)
  return `${protocol === 'ws:' ? 'http' : 'https'}://${host}/`
}

async function revisionIn(response: Response): Promise<number> {
  try {
    if (response.status === 200) return await readRevision(response)
    await response.body?.cancel()
    return Number.NaN
  } catch {
    return Number.NaN
  }
}

function ageOf(revision: number, newest: number, now: number): number {
  const expected = KNOWN.revision + ((now - KNOWN.at) / DAY_MS) * KNOWN.perDay
  const current = Number.isNaN(newest) ? expected : newest
  return Math.max(0, Math.round((current - revision) / KNOWN.perDay))
}
