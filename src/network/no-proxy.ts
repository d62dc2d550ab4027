import { BlockList, isIP } from 'node:net'

/** What leads to this machine. */
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('0.0.0.0', 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')
LOOPBACK.addAddress('::', 'ipv6')

/** A host and its port, as a URL names them: lower case, an IPv6 address without brackets. */
export interface Destination {
  host: string
  port: number
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'ws:': 80, 'https:': 443, 'wss:': 443 }

/** Where a URL leads. Throws for what is no URL. */
export function destinationOf(url: string): Destination {
  const { hostname, port, protocol } = new URL(url)
  const host = withoutBrackets(hostname).replace(/\.$/, '')
  return { host, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port) }
}

/** Whether this is this machine, by address or by name. */
export function isLoopback({ host }: Destination): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isIn(LOOPBACK, host)
}

/**
 * Whether a list of the usual form (`NO_PROXY`) names this destination: entries apart by commas or spaces, each a host with its
 * subdomains (`example.com`, `.example.com`, `*.example.com`), an address, a network (`10.0.0.0/8`, `fd00::/8`), a beginning
 * (`192.168.*`), all of them with or without a port; `*` is everything.
 */
export function isListed(list: string, destination: Destination): boolean {
  return list.split(/[\s,]+/).some((entry) => entry !== '' && matches(entry.toLowerCase(), destination))
}

function matches(entry: string, { host, port }: Destination): boolean {
  if (entry === '*') return true
  const { pattern, onlyPort } = splitPort(entry)
  if (onlyPort !== null && onlyPort !== port) return false
  if (pattern.includes('/')) return isInNetwork(pattern, host)
  if (isIP(pattern) !== 0) return isSameAddress(pattern, host)
  if (pattern.endsWith('.*')) return isIP(host) === 4 && host.startsWith(pattern.slice(0, -1))
  const name = pattern.replace(/^\*?\./, '').replace(/\.$/, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function splitPort(entry: string): { pattern: string; onlyPort: number | null } {
  const [, inBrackets, behind] = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? []
  if (inBrackets !== undefined)
    return { pattern: inBrackets, onlyPort: behind === undefined ? null : Number(behind) }
  // An IPv6 address has more than one colon.
  const [, pattern, port] = /^([^:]+):(\d+)$/.exec(entry) ?? []
  return pattern === undefined ? { pattern: entry, onlyPort: null } : { pattern, onlyPort: Number(port) }
}

function isInNetwork(network: string, host: string): boolean {
  const [address = '', bits = ''] = network.split('/')
  const family = isIP(address)
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6')
  return isIn(list, host)
}

function isSameAddress(address: string, host: string): boolean {
  const list = new BlockList()
  list.addAddress(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  return isIn(list, host)
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host)
  return family !== 0 && list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}
