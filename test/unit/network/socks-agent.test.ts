import { describe, expect, it } from 'vitest'
import { socksAgent } from '../../../src/network/socks-agent.ts'

describe('socksAgent', () => {
  // A proxy under an IPv6 address was never reached: its address was looked up as a name, brackets included.
  it.each([
    ['socks5://[fd00::1]:1080', 'fd00::1', 1080, 5],
    ['socks4://[::1]', '::1', 1080, 4],
    ['socks5h://proxy.example:9050', 'proxy.example', 9050, 5],
    ['socks://10.0.0.1', '10.0.0.1', 1080, 5],
  ])('connects to the host of %s, which looks up the names of servers', (url, host, port, type) => {
    const { proxy, shouldLookup } = socksAgent(new URL(url))
    expect({ ...proxy, shouldLookup }).toEqual({ host, port, type, shouldLookup: false })
  })

  it('keeps user and password', () => {
    expect(socksAgent(new URL('socks5://me:p%40ss@[fd00::1]:1080')).proxy).toMatchObject({
      userId: 'me',
      password: 'p@ss',
    })
  })
})
