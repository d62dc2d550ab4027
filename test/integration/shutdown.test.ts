import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { WhatsappdClient } from '../../src/client/client.ts'
import { CommandLine } from '../support/command-line.ts'
import { RedisServer } from '../support/redis-server.ts'
import { OWNER, Stack } from '../support/stack.ts'

/** It gives up after nine seconds by itself, with another exit code. */
const STOP_LIMIT_MS = 30_000
/** Longer than a stop may take, which must not end because the lease did. */
const LEASE_SECONDS = 12
/** A server that has just started lets nobody in for the life of a lease: it may have forgotten somebody. */
const LEASE_LIMIT_MS = 2 * LEASE_SECONDS * 1_000

/** Takes connections and says nothing. */
class MuteServer {
  readonly #sockets = new Set<Socket>()
  readonly #server: Server

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
    })
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    // A server that listens on a TCP port has an address of this shape.
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}/v1`
  }

  untilAsked(): Promise<unknown> {
    return this.#sockets.size > 0 ? Promise.resolve() : once(this.#server, 'connection')
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }
}

/** Everything that the daemon could wait for leaves it waiting. */
describe('SIGTERM while nobody answers', () => {
  const model = new MuteServer()
  let redis: RedisServer
  let stack: Stack
  let daemon: CommandLine
  beforeEach(async () => {
    redis = await RedisServer.prepare()
    await redis.start()
    const baseUrl = await model.start()
    const mute = { connector: 'openai-chat', baseUrl, model: 'mute' }
    stack = await Stack.start({
      channel: { agents: { mute, echo: { connector: 'echo' } }, defaultAgent: 'mute' },
      daemon: { lock: { redis: { url: redis.url, ttlSeconds: LEASE_SECONDS } } },
    })
    await stack.untilState('unlinked', LEASE_LIMIT_MS)
    await stack.link()
    await stack.stopDaemon()
    const place = ['--config', stack.configPath, '--state-dir', stack.stateDir, '--port', '0']
    daemon = new CommandLine(['run', ...place])
    await daemon.waitFor(/default: connected/)
  })
  afterEach(async () => {
    await daemon.end()
    model.stop()
    await stack.stop()
    await redis.end()
  })

  it('says so, ends in time, stays linked, and owes the answer still', async () => {
    const info = JSON.parse(readFileSync(join(stack.stateDir, 'daemon.json'), 'utf8')) as AddressInfo
    const url = `ws://127.0.0.1:${info.port}/v1/ws`
    const token = readFileSync(join(stack.stateDir, 'token'), 'utf8').trim()
    const dashboard = new WhatsappdClient({ url, token, WebSocket })
    await dashboard.connect()
    const told: string[] = []
    dashboard.on('server.stopping', ({ reason }) => told.push(reason))
    const deaf = new WebSocket(url)
    await once(deaf, 'open')
    deaf.pause()

    await stack.alice.sendText(OWNER, 'are you going')
    await model.untilAsked()
    const sent: unknown[] = []
    stack.simulator.onTrace(({ direction, node }) => {
      if (direction === 'in') sent.push(node)
    })
    expect(stack.simulator.faults.halfOpen()).toBe(1)
    redis.pause()
    const stoppedAt = performance.now()
    daemon.signal('SIGTERM')
    expect(await daemon.exit).toBe(0)
    expect(performance.now() - stoppedAt).toBeLessThan(STOP_LIMIT_MS)
    expect(told).toEqual(['shutdown'])
    expect(JSON.stringify(sent)).not.toContain('remove-companion-device')
    expect(stack.owner.companions).toHaveLength(1)
    dashboard.close()
    deaf.terminate()

    await redis.kill()
    await redis.start()
    stack.writeConfig(['+15550000002'], { defaultAgent: 'echo' })
    await stack.startDaemon()
    await stack.alice.waitForText('are you going', LEASE_LIMIT_MS)
    expect(stack.alice.received).toHaveLength(1)
  })
})
