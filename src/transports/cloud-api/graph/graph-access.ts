/** What calls of the Graph API are made with. */
export interface GraphAccess {
  provider: 'meta' | '360dialog'
  phoneNumberId: string
  accessToken: string
  /** `v25.0`. */
  apiVersion: string
  /** Without a slash at its end. */
  baseUrl: string
  /** Which hosts, besides that of `baseUrl`, are asked for files with the token. */
  mediaHosts: readonly string[]
}

/** 360dialog knows the number by the key, and so no paths of other things; a number alone is a file. */
const PATHS_OF_360DIALOG = /^(?:messages|media|health_status|\d+|v1\/configs\/\w+)$/
const TEMPLATES = /^[^/]+\/message_templates$/

/**
 * The URL of a path behind the version (`<phone number id>/messages`); `null` where the provider does not offer it. 360dialog has neither
 * version nor number in its paths (its documentation of `waba-v2`).
 */
export function graphUrl(
  access: GraphAccess,
  path: string,
  query: Readonly<Record<string, string>>,
): URL | null {
  const { provider, phoneNumberId, apiVersion, baseUrl } = access
  const base = baseUrl.replace(/\/+$/, '')
  if (provider === 'meta') return withQuery(new URL(`${base}/${apiVersion}/${path}`), query)
  if (path === phoneNumberId) return null
  const isOfNumber = path.startsWith(`${phoneNumberId}/`)
  const named = isOfNumber ? path.slice(phoneNumberId.length + 1) : path
  const own = TEMPLATES.test(path) ? 'v1/configs/templates' : named
  if (!PATHS_OF_360DIALOG.test(own)) return null
  const { phone_number_id: _number, ...others } = query
  return withQuery(new URL(`${base}/${own}`), others)
}

/** How the provider knows who asks. */
export function authHeaders({ provider, accessToken }: GraphAccess): Readonly<Record<string, string>> {
  return provider === 'meta' ? { authorization: `Bearer ${accessToken}` } : { 'D360-API-KEY': accessToken }
}

/**
 * Where a file is fetched from, with the token; `null` for a host that may not see it. 360dialog hands out Meta's address, and serves the
 * file at the same path of its own host.
 */
export function mediaUrl(access: GraphAccess, named: string): URL | null {
  if (!URL.canParse(named)) return null
  const url = new URL(named)
  const base = new URL(access.baseUrl)
  if (url.username !== '' || url.password !== '') return null
  if (access.provider === '360dialog') return atHost(base, url)
  // Without encryption the token goes to nobody but a server of the tests, which the base URL names.
  if (url.origin === base.origin) return url
  const isAllowed = access.mediaHosts.some((host) => url.host === host.toLowerCase())
  return isAllowed && (url.protocol === 'https:' || url.protocol === base.protocol) ? url : null
}

/** The same path of another host; `null` for a URL that has no host, and so no path that could stand behind one. */
function atHost(base: URL, { protocol, pathname, search }: URL): URL | null {
  if (protocol !== 'https:' && protocol !== base.protocol) return null
  const url = new URL(base.origin)
  url.pathname = pathname
  url.search = search
  return url.origin === base.origin ? url : null
}

/** Whether the token can stand in a header at all. */
export function isUsableToken(token: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(token)
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}
