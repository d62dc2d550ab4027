import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../src/accounts/schema.ts'
import { type NetworkSettings, OutboundNetwork } from '../../src/network/outbound-network.ts'
import { referenceTo } from '../../src/messaging/incoming-message.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { Database } from '../../src/storage/database/database.ts'
import { linkedDevices } from '../../src/transports/linked-device/linked-device.ts'
import type { Link } from '../../src/transports/link.ts'
import { RecordingSink } from '../contract/transport/recording-sink.ts'
import { AgentServer } from '../support/agent-server.ts'
import { type ProxyKind, RealProxy } from '../support/proxies/real-proxy.ts'
import { TlsFront } from '../support/proxies/tls-front.ts'
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
    tls = await TlsFront.certificateFor('whatsapp.test', 'models.test')
    caFile = join(directory, 'ca.pem')
    writeFileSync(caFile, tls.cert)
  })
  afterAll(async () => {
    await proxy.stop()
    rmSync(directory, { recursive: true })
  })

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
        account: 'default',
        directory: '',
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
          content: { kind: 'message', part: { kind: 'text', text: 'and hello to you' } },
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
      const front = await TlsFront.start(tls, Number(portOf(stack.simulator.webSocketUrl)))
      try {
        const url = `wss://whatsapp.test:${front.port}/ws/chat`
        open(url, await network({ proxy: proxy.url() }))
        await expect.poll(() => link?.facts.reason).toBe('network_error')
        await link?.stop()
        database?.close()
        await exchange(open(url, await network({ caFile }, { HTTPS_PROXY: proxy.url() })))
      } finally {
        front.stop()
      }
    })

    /** A document from Alice, and back to her. */
    async function exchangeFile(sink: RecordingSink): Promise<void> {
      await sink.ready
      const data = randomBytes(90_000)
      await stack.alice.sendMedia(OWNER, { kind: 'document', data, name: 'plan.bin' })
      const asked = await sink.message(({ content }) => content.kind === 'message')
      const transport = link?.transport
      const [part] = asked.content.kind === 'message' ? asked.content.parts : []
      if (transport === undefined || part?.kind !== 'attachment' || part.media === undefined)
        throw new Error('no file came')
      const path = join(stack.directory, data.toString('hex', 0, 8))
      const { signal } = new AbortController()
      const to = { path, maxBytes: 1_000_000, message: referenceTo(asked) }
      expect(await transport.fetchMedia(part.media, to, signal)).toMatchObject({ outcome: 'fetched' })
      expect(readFileSync(path)).toEqual(data)
      const file = {
        kind: 'document',
        path,
        size: data.length,
        mimeType: 'text/plain',
        name: 'plan.bin',
      } as const
      const answer = {
        localId: transport.newLocalId(),
        chat: asked.chat,
        person: ALICE,
        content: { kind: 'message', part: { kind: 'file', text: '', file } },
      } as const
      expect(await transport.upload(answer, signal)).toBeNull()
      await transport.send(answer, signal)
      const sha256 = createHash('sha256').update(data).digest('hex')
      await stack.alice.waitForText(({ media }) => media?.sha256 === sha256)
    }

    it('takes and gives files, with and without TLS', async () => {
      const front = await TlsFront.start(tls, Number(portOf(stack.simulator.webSocketUrl)))
      const ports = { ws: portOf(stack.simulator.webSocketUrl), wss: front.port }
      try {
        for (const [scheme, port] of Object.entries(ports)) {
          stack.simulator.media.reachedAt = `whatsapp.test:${port}`
          const made = await network({ proxy: proxy.url(), caFile: scheme === 'wss' ? caFile : null })
          await exchangeFile(open(`${scheme}://whatsapp.test:${port}/ws/chat`, made))
          await link?.stop()
          database?.close()
        }
      } finally {
        front.stop()
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
      const front = await TlsFront.start(tls, server.port)
      try {
        const url = `https://models.test:${front.port}/v1/chat/completions`
        const trusting = await network({ proxy: proxy.url(), caFile })
        expect(await ask(trusting, url)).toContain('ada: hello')
        await expect(ask(await network({ proxy: proxy.url() }), url)).rejects.toMatchObject({
          message: 'fetch failed',
          cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
        })
      } finally {
        front.stop()
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
    const silent = createServer(() => {})
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
