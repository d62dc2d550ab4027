import { SocksProxyAgent } from 'socks-proxy-agent'

/** Connects through a SOCKS proxy, which resolves the names of servers: behind one there is often no DNS but its own. */
export function socksAgent(proxy: URL): SocksProxyAgent {
  const agent = new SocksProxyAgent(
    proxy.href.replace(/^socks(?:5|4)?:/, (scheme) => (scheme === 'socks4:' ? 'socks4a:' : 'socks5h:')),
  )
  // The brackets belong to the URL; with them an IPv6 address is looked up as a name.
  agent.proxy.host = proxy.hostname.replace(/^\[(.*)\]$/, '$1')
  return agent
}
