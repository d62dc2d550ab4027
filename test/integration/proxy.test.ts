import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { pino } from 'pino'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { textParts } from '../../src/messaging/content.ts'
import { type NetworkSettings, OutboundNetwork } from '../../src/network/outbound-network.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { Database } from '../../src/storage/database/database.ts'
import { linkedDevices } from '../../src/transports/linked-device/linked-device.ts'
import type { Link } from '../../src/transports/link.ts'
import { RecordingSink } from '../contract/transport/recording-sink.ts'
import { AgentServer } from '../support/agent-server.ts'
import { type ProxyKind, RealProxy } from '../support/proxies/real-proxy.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

// A sandbox whose only way out is a proxy never reached WhatsApp: the setting was there and did nothing. The proxies are Debian's,
// and only they know the names of the servers; `make test` installs them.

const lines: string[] = []
const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })

async function network(
  settings: Partial<NetworkSettings>,
  env: NodeJS.ProcessEnv = {},
): Promise<OutboundNetwork> {
  const all = { proxy: null, noProxy: [], caFile: null, ...settings }
  const made = new OutboundNetwork({ settings: () => all, env, logger })
  await made.start()
  return made
}

const portOf = (url: string): string => new URL(url).port

const obstacle = RealProxy.obstacle()
if (obstacle !== null)
  console.warn(`no test with real proxies, which need their programs and the right to mount: ${obstacle}`)

describe.runIf(obstacle === null).each<ProxyKind>(['tinyproxy', 'microsocks'])('through %s', (kind) => {
  let proxy: RealProxy
  let directory = ''
  let caFile = ''
  let tls: { key: string; cert: string }
  beforeAll(async () => {
    proxy = await RealProxy.start(kind)
    directory = mkdtempSync(join(tmpdir(), 'proxy-test-'))
    const altNames = ['whatsapp.test', 'models.test'].map((value) => ({ type: 2 as const, value }))
    const pems = await generate([{ name: 'commonName', value: 'whatsapp.test' }], {
      extensions: [
        { name: 'subjectAltName', altNames },
        { name: 'basicConstraints', cA: true },
      ],
    })
    tls = { key: pems.private, cert: pems.cert }
    caFile = join(directory, 'ca.pem')
    writeFileSync(caFile, pems.cert)
  })
  afterAll(async () => {
    await proxy.stop()
    rmSync(directory, { recursive: true })
  })

  /** TLS in front of a server without it. */
  async function behindTls(port: number): Promise<{ server: Server; port: number }> {
    const server = createServer(tls, (secure) => {
      const plain = connect(port, '127.0.0.1')
      secure.pipe(plain).pipe(secure)
      for (const end of [secure, plain])
        end.on('error', () => [secure, plain].forEach((each) => each.destroy()))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { server, port: (server.address() as AddressInfo).port }
  }

  describe('WhatsApp', () => {
    let stack: Stack
    let database: Database | null = null
    let link: Link | null = null
    beforeEach(async () => {
      lines.length = 0
      stack = await Stack.start()
      await stack.link()
      await stack.stopDaemon()
    })
    afterEach(async () => {
      await link?.stop()
      database?.close()
      link = database = null
      await stack.stop()
    })

    function open(webSocketUrl: string, { agentFor }: OutboundNetwork): RecordingSink {
      const { noiseRootKey } = stack.simulator
      const file = join(stack.stateDir, 'accounts', 'default', 'account.db')
      const sink = new RecordingSink()
      database = Database.open(file, ACCOUNT_MIGRATIONS)
      link = linkedDevices({
        server: () => ({ webSocketUrl, noiseRootKey, version: null }),
        agentFor,
        timings: () => ({ reconnect: { firstDelayMs: 20, capMs: 200 } }),
      })({
        database,
        sink,
        events: { changed: () => {}, offered: () => {}, passkeyMoved: () => {}, storageFailed: () => {} },
        fence: undefined,
        copiesYield: false,
        allowedNumbers: () => [ALICE],
        listedNumbers: () => [ALICE],
        readsGroup: () => true,
        logger: createLogger({ level: 'silent' }),
        now: Date.now,
        random: Math.random,
      })
      link.start({ failures: 0, reason: null, isCopy: false })
      return sink
    }

    async function exchange(sink: RecordingSink): Promise<void> {
      await sink.ready
      await stack.alice.sendText(OWNER, 'hello')
      const asked = await sink.message(({ id }) => id !== '')
      const transport = link?.transport
      await transport?.send(
        {
          localId: transport.newLocalId(),
          chat: asked.chat,
          person: ALICE,
          content: { kind: 'message', parts: textParts('and hello to you') },
        },
        new AbortController().signal,
      )
      await stack.alice.waitForText('and hello to you')
    }

    it('is reached, and messages go both ways', async () => {
      const made = await network({ proxy: proxy.url() })
      await exchange(open(`ws://whatsapp.test:${portOf(stack.simulator.webSocketUrl)}/ws/chat`, made))
      expect(JSON.stringify(lines)).not.toMatch(/pass|sandbox/)
    })

    it('is reached over TLS with a certificate of the own file, and with no other', async () => {
      const { server, port } = await behindTls(Number(portOf(stack.simulator.webSocketUrl)))
      try {
        const url = `wss://whatsapp.test:${port}/ws/chat`
        open(url, await network({ proxy: proxy.url() }))
        await expect.poll(() => link?.facts.reason).toBe('network_error')
        await link?.stop()
        database?.close()
        await exchange(open(url, await network({ caFile }, { HTTPS_PROXY: proxy.url() })))
      } finally {
        server.close()
      }
    })

    it('is not taken for the one that refuses: the link stays, the log says what the proxy wants, and what it wants helps', async () => {
      const made = await network({ proxy: proxy.url('wrong') })
      open(`ws://whatsapp.test:${portOf(stack.simulator.webSocketUrl)}/ws/chat`, made)
      await expect
        .poll(() => link?.facts)
        .toMatchObject({ phase: 'waiting', reason: 'proxy_failed', linked: true })
      await expect.poll(() => link?.facts.failures ?? 0).toBeGreaterThan(2)
      const said = lines.filter((line) => line.includes('the proxy'))
      expect(said).toHaveLength(1)
      expect(said[0]).toContain(`"proxy":"127.0.0.1:${proxy.port}"`)
      expect(JSON.stringify(lines)).not.toMatch(/wrong|sandbox/)
      await link?.stop()
      database?.close()
      const corrected = await network({ proxy: proxy.url() })
      await exchange(open(`ws://whatsapp.test:${portOf(stack.simulator.webSocketUrl)}/ws/chat`, corrected))
    })
  })

  describe('an assistant', () => {
    let server: AgentServer
    beforeEach(async () => {
      lines.length = 0
      server = await AgentServer.start()
    })
    afterEach(() => server.stop())

    const ask = async (
      made: OutboundNetwork,
      url: string,
      signal = AbortSignal.timeout(10_000),
    ): Promise<string> => {
      const body = JSON.stringify({ model: 'ada', messages: [{ role: 'user', content: 'hello' }] })
      const headers = { 'content-type': 'application/json' }
      const response = await made.fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      expect(response.status).toBe(200)
      return response.text()
    }

    it('answers, with and without TLS', async () => {
      const plain = await network({}, { all_proxy: proxy.url() })
      expect(await ask(plain, `http://models.test:${server.port}/v1/chat/completions`)).toContain(
        'ada: hello',
      )
      const { server: secure, port } = await behindTls(server.port)
      try {
        const url = `https://models.test:${port}/v1/chat/completions`
        const trusting = await network({ proxy: proxy.url(), caFile })
        expect(await ask(trusting, url)).toContain('ada: hello')
        await expect(ask(await network({ proxy: proxy.url() }), url)).rejects.toMatchObject({
          message: 'fetch failed',
          cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
        })
      } finally {
        secure.close()
      }
    })

    it('is not reached where the proxy refuses, and no password is told', async () => {
      const url = `http://models.test:${server.port}/v1/chat/completions`
      const error = await ask(await network({ proxy: proxy.url('wrong') }), url).catch(
        (caught: unknown) => caught,
      )
      expect(error).toMatchObject({ cause: { code: 'ERR_PROXY' } })
      expect([JSON.stringify(error), String((error as Error).cause), ...lines].join()).not.toMatch(
        /wrong|sandbox/,
      )
      expect(server.asked).toEqual([])
    })

    it('of a name that the proxy does not know is not reached', async () => {
      const error = await ask(await network({ proxy: proxy.url() }), 'http://nowhere.test/').catch(
        (caught: unknown) => caught,
      )
      expect(error).toMatchObject({ cause: { code: 'ERR_PROXY' } })
    })

    it('is asked by the whole daemon, whose way to this machine stays direct', async () => {
      lines.length = 0
      const stack = await Stack.start({
        daemon: { proxy: { env: 'MY_PROXY' } },
        env: { MY_PROXY: proxy.url() },
        logger: logger,
        channel: {
          agents: {
            ada: { connector: 'openai-chat', baseUrl: `http://models.test:${server.port}/v1`, model: 'ada' },
          },
        },
      })
      try {
        await stack.link()
        await stack.alice.sendText(OWNER, 'through the proxy?')
        await stack.alice.waitForText('ada: through the proxy?')
        expect(lines.join()).not.toContain(proxy.password)
        expect(lines.join()).not.toContain(encodeURIComponent(proxy.password))
      } finally {
        await stack.stop()
      }
    })
  })
})

describe('a proxy that is not there', () => {
  it('is named by setting or variable when the daemon starts, without its password', async () => {
    for (const [settings, env, place] of [
      [{ proxy: 'ftp://user:secret@proxy.example' }, {}, 'whatsappd.proxy'],
      [{}, { https_proxy: 'http://user:secret@' }, 'https_proxy'],
      [{}, { ALL_PROXY: 'socks9://user:secret@proxy.example' }, 'ALL_PROXY'],
      [{ caFile: '/nowhere/secret.pem' }, {}, 'whatsappd.caFile cannot be read (ENOENT)'],
      [{ caFile: '/' }, {}, 'whatsappd.caFile cannot be read'],
      [{ caFile: import.meta.filename }, {}, 'no certificate in PEM form'],
    ] as const) {
      const error = await network(settings, env).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(place) })
      expect((error as Error).message).not.toContain('secret')
    }
  })

  it('and one that never answers is given up when the caller is', async () => {
    const silent = createTcpServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const made = await network({ proxy: `http://127.0.0.1:${port}` })
    const aborted = new AbortController()
    const asked = made.fetch('http://models.test/', {
      method: 'POST',
      headers: {},
      body: '',
      signal: aborted.signal,
      redirect: 'manual',
    })
    const [socket] = (await once(silent, 'connection')) as [Socket]
    socket.resume()
    const closed = once(socket, 'close')
    aborted.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    await closed
    silent.close()
  })
})
