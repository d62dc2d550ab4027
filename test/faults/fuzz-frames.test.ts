import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import JSON5 from 'json5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLocalToken } from '../../src/control/auth/local-token.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { errorResponseSchema, helloFrameSchema, serverFrameSchema } from '../../src/protocol/frames.ts'
import { ALICE, Stack } from '../support/stack.ts'
import { FUZZ_ROUNDS, FUZZ_SEED } from './fuzz-settings.ts'
import { forbiddenFrame, hostileMessage, type HostileFrame } from './fuzz-frame-kinds.ts'
import { FuzzPeer } from './fuzz-peer.ts'

const FRAMES = 10_000
/** Within the bursts of requests and of pings that the server grants one socket: the frames are read, not only counted. */
const MESSAGES_A_SOCKET = 50
const STRANGERS = 2_000 * FUZZ_ROUNDS
const CLIENTS = 180 * FUZZ_ROUNDS
const MEMORY_BOUND_BYTES = 48 * 1_024 * 1_024
const STACK_TRACE = /\n\s+at |[\w-]+\.[cm]?[jt]s:\d+|node_modules|node:internal/

interface WrittenConfig {
  channels: { whatsapp: { allowFrom?: string[] } }
}

/** What arrives at the control plane, from people with the token and from people without it. */
describe('hostile WebSocket frames', { timeout: 300_000 * FUZZ_ROUNDS }, () => {
  const rejections: unknown[] = []
  const noteRejection = (error: unknown): void => void rejections.push(error)
  const leaks: string[] = []
  let stack: Stack
  let token = 'not yet known'
  let secrets: string[] = []
  let sent = 0

  beforeAll(async () => {
    process.on('unhandledRejection', noteRejection)
    const destination = { write: (line: string) => void (line.includes(token) && leaks.push(line)) }
    stack = await Stack.start({
      allowFrom: [ALICE],
      logger: createLogger({ level: 'trace', format: 'json', destination }),
    })
    token = readLocalToken(stack.stateDir)
    // A live offer is what an uninvited client would want most.
    secrets = [token, (await stack.qr()).qr]
  })
  afterAll(async () => {
    process.off('unhandledRejection', noteRejection)
    await stack.stop()
  })

  const newPeer = (): FuzzPeer => {
    const { hostname, port } = new URL(stack.url)
    return new FuzzPeer(hostname, Number(port))
  }

  function send(peer: FuzzPeer, frames: readonly HostileFrame[]): void {
    for (const { bytes } of frames) peer.send(bytes)
    sent += frames.length
  }

  async function authenticated(): Promise<FuzzPeer> {
    const peer = newPeer()
    await peer.hello()
    peer.sendText(
      JSON.stringify({ jsonrpc: '2.0', id: 'mine', method: 'session.authenticate', params: { token } }),
    )
    await peer.until(() => peer.texts.length > 1)
    return peer
  }

  function expectNoSecrets(text: string): void {
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    expect(text).not.toMatch(STACK_TRACE)
  }

  /** A well-behaved client is served as ever. */
  async function expectService(): Promise<void> {
    expect((await fetch(`${stack.url}/livez`)).status).toBe(200)
    const peer = await authenticated()
    peer.sendText('{"jsonrpc":"2.0","id":"after","method":"accounts.list"}')
    await peer.until(() => peer.texts.some((text) => text.includes('"after"')))
    expect(peer.texts.at(-1)).toContain('"result"')
    await peer.end()
    expect(rejections).toEqual([])
    expect(leaks).toEqual([])
  }

  it('gives an unauthenticated client nothing but the hello, refusals and a close', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof({ weight: 4, arbitrary: hostileMessage }, { weight: 1, arbitrary: forbiddenFrame }),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        async (frames) => {
          const peer = newPeer()
          await peer.hello()
          send(peer, frames)
          await peer.until(() => peer.isClosed || !frames.some(({ isMessage }) => isMessage))
          await peer.end()
          const [hello, ...answers] = peer.texts
          helloFrameSchema.parse(JSON.parse(hello ?? ''))
          for (const answer of answers) {
            errorResponseSchema.parse(JSON.parse(answer))
            expectNoSecrets(answer)
          }
        },
      ),
      { seed: FUZZ_SEED, numRuns: STRANGERS, endOnFailure: true },
    )
    await expectService()
  })

  it('answers each message of an authenticated client once, without a stack and without the token', async () => {
    secrets = [token]
    const before = memoryInUse()
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileMessage, { minLength: MESSAGES_A_SOCKET, maxLength: MESSAGES_A_SOCKET }),
        forbiddenFrame,
        async (messages, last) => {
          const peer = await authenticated()
          send(peer, messages)
          const answers = (): string[] => peer.texts.slice(2).filter((text) => !isEvent(text))
          await peer.until(() => answers().length >= messages.length)
          send(peer, [last])
          await peer.until(() => peer.isClosed)
          // Who comes with another token that is wrong is not answered any further.
          if (!peer.texts.some((text) => text.includes('"unauthorized"'))) {
            expect(answers()).toHaveLength(messages.length)
          }
          for (const text of peer.texts) {
            serverFrameSchema.parse(JSON.parse(text))
            expectNoSecrets(text)
            expect(text).not.toContain('internal_error')
            // The token holds every scope: only something that is no method can lack one.
            expect(text).not.toContain('"forbidden"')
          }
        },
      ),
      { seed: FUZZ_SEED, numRuns: CLIENTS, endOnFailure: true },
    )
    await expectService()
    expect(memoryInUse() - before).toBeLessThan(MEMORY_BOUND_BYTES)
    // No phone number was among the values: clients with the token may take people off the list, and add nobody.
    const { allowFrom = [] } = JSON5.parse<WrittenConfig>(stack.readConfig()).channels.whatsapp
    expect(allowFrom.filter((entry) => entry !== ALICE)).toEqual([])
  })

  it('was tried with ten thousand frames', () => {
    expect(sent).toBeGreaterThanOrEqual(FRAMES)
  })
})

function isEvent(text: string): boolean {
  return (JSON.parse(text) as { method?: unknown }).method !== undefined
}

/** What is still in use after a collection. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc')
  // The flag adds it to contexts made from now on.
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
