import { destinationOf, isListed, isLoopback } from './no-proxy.ts'

export interface ProxySettings {
  /** The setting: a URL, `none` for no proxy whatever the environment says, or `null` where the environment decides. */
  proxy: string | null
  /** What is reached without one, besides `NO_PROXY` of the environment. */
  noProxy: readonly string[]
}

/** A proxy that cannot be used as it is written. The message names the place, never the value, which may hold a password. */
class ProxyUnreadable extends Error {
  constructor(place: string) {
    super(
      `${place} is no proxy: it must be a URL such as http://proxy.example:3128 or socks5://proxy.example:1080, with the special signs of a user and a password percent-encoded`,
    )
    this.name = 'ProxyUnreadable'
  }
}

const PROTOCOLS: ReadonlySet<string> = new Set([
  'http:',
  'https:',
  'socks:',
  'socks4:',
  'socks4a:',
  'socks5:',
  'socks5h:',
])
const SETTING = 'whatsappd.proxy'

/**
 * The proxy for the way to `url` (`http`, `https`, `ws` or `wss`); `null` for a direct one. The setting wins over the
 * environment, there the lower-case name over the other one, and the name of the protocol over `ALL_PROXY`. This machine is
 * never reached through a proxy. Throws `ProxyUnreadable`.
 */
export function proxyFor(url: string, settings: ProxySettings, env: NodeJS.ProcessEnv): URL | null {
  const destination = destinationOf(url)
  const excepted = [...settings.noProxy, variable(env, 'no_proxy')?.value ?? ''].join(',')
  if (isLoopback(destination) || isListed(excepted, destination)) return null
  if (settings.proxy !== null) return settings.proxy === 'none' ? null : readProxy(settings.proxy, SETTING)
  const isSecure = /^(?:https|wss):/i.test(url)
  const found = variable(env, isSecure ? 'https_proxy' : 'http_proxy') ?? variable(env, 'all_proxy')
  return found === null ? null : readProxy(found.value, found.name)
}

/** The places that name a proxy now, each of which is read. Throws `ProxyUnreadable`. */
export function namedProxies({ proxy }: ProxySettings, env: NodeJS.ProcessEnv): URL[] {
  if (proxy !== null) return proxy === 'none' ? [] : [readProxy(proxy, SETTING)]
  return ['https_proxy', 'http_proxy', 'all_proxy'].flatMap((name) => {
    const found = variable(env, name)
    return found === null ? [] : [readProxy(found.value, found.name)]
  })
}

/** In lower or upper case; one that is empty is not set. */
function variable(env: NodeJS.ProcessEnv, lowerName: string): { name: string; value: string } | null {
  for (const name of [lowerName, lowerName.toUpperCase()]) {
    const value = env[name]?.trim()
    if (value !== undefined && value !== '') return { name, value }
  }
  return null
}

/** Without a protocol it speaks HTTP, as other programs take it. */
function readProxy(written: string, place: string): URL {
  const text = written.includes('://') ? written : `http://${written}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.hostname === '' || !PROTOCOLS.has(url.protocol) || !hasReadableUser(url))
    throw new ProxyUnreadable(place)
  return url
}

function hasReadableUser({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}
