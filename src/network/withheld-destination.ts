import { BlockList, isIP } from 'node:net'

/**
 * Where clouds hand out a machine's credentials to whoever asks from it, and what belongs to one cable: AWS, GCP and Azure use 169.254.0.0/16,
 * Azure also 168.63.129.16, Alibaba 100.100.100.200, Oracle 192.0.0.192.
 */
const IPV4: readonly (readonly [address: string, bits: number])[] = [
  ['169.254.0.0', 16],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
]
const IPV6: readonly (readonly [address: string, bits: number])[] = [
  ['fe80::', 10],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
]
const NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
])

const LIST = new BlockList()
for (const [address, bits] of IPV6) LIST.addSubnet(address, bits, 'ipv6')
for (const [address, bits] of IPV4) {
  LIST.addSubnet(address, bits, 'ipv4')
  const hex = hexOf(address)
  // The forms in which IPv6 carries an IPv4 address: compatible, NAT64 and 6to4. Mapped ones are found by the list itself.
  LIST.addSubnet(`::${hex}`, 96 + bits, 'ipv6')
  LIST.addSubnet(`64:ff9b::${hex}`, 96 + bits, 'ipv6')
  LIST.addSubnet(`2002:${hex}::`, 16 + bits, 'ipv6')
}

/**
 * Whether nothing of ours may connect to this host, whatever the config says: an address that is link-local or gives out credentials of the
 * machine, in whatever form, or a name of one. `host`: as `destinationOf` answers it, or a resolved address.
 */
export function isWithheld(host: string): boolean {
  const [address = ''] = host.split('%')
  const family = isIP(address)
  if (family === 0) return NAMES.has(host.toLowerCase().replace(/\.$/, ''))
  return LIST.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

function hexOf(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}
