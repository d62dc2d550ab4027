import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReplyPart, Turn } from '../../src/agents/agent.ts'
import { AwaitedAnswers } from '../../src/agents/answers/awaited-answers.ts'
import { Attachments } from '../../src/agents/attachments/attachments.ts'
import { createLogger } from '../../src/observability/log/logger.ts'
import { turnOf } from '../support/turn-of.ts'
import { type Harness, startHarness } from './support/control-harness.ts'
import type { WireClient } from './support/wire-client.ts'
import { wordsOf } from '../support/words-of.ts'

const PLACE = { account: 'default', agent: 'ada' }
const AGENT_TOKEN = 'scoped:agent'
const LONG = 'x'.repeat(200_000)

let harness: Harness
let attachments: Attachments

beforeEach(() => start())
afterEach(() => harness.stop())

async function start(more: Parameters<typeof startHarness>[0] = {}): Promise<void> {
  const answers = new AwaitedAnswers()
  attachments = new Attachments({
    accounts: () => ({ default: { agents: { ada: { connector: 'websocket', settings: {} } } } }),
    answers,
    changed: () => {},
    logger: createLogger({ level: 'silent' }),
  })
  harness = await startHarness({
    agents: {
      attach: (peer, request) => attachments.attach(peer, request),
      take: (peer, turn, answer) => attachments.take(peer, turn, answer),
      takePosted: () => Promise.resolve(),
      offeredFile: (id) => answers.files.find(id),
      list: () => [],
    },
    ...more,
  })
}

async function attached(token = AGENT_TOKEN): Promise<WireClient> {
  const client = await harness.ready(token)
  await client.request('agent.attach', { agent: 'ada' })
  return client
}

/** What the program says to a turn; rejects with the error. */
async function ask(
  turn: Partial<Turn> & { text?: string },
  signal = new AbortController().signal,
): Promise<string> {
  let said = ''
  for await (const part of attachments.hand(PLACE, turnOf(turn), signal)) said += wordsOf(part)
  return said
}

const turnsOf = (client: WireClient): unknown[] =>
  client.frames
    .filter(({ method }) => method === 'agent.turn')
    .map(({ params }) => Object(params?.['turn']).id)

describe('a program that is attached', () => {
  it('may send the pieces of its answers as fast as a model writes', async () => {
    const client = await attached()
    const answer = ask({ id: 'T' })
    await client.event('agent.turn')
    const pieces = Array.from({ length: 600 }, (_, index) => `${index} `)
    const taken = await Promise.all(pieces.map((text) => client.call('agent.delta', { turn: 'T', text })))
    expect(taken.filter(({ error }) => error !== undefined)).toEqual([])
    await client.request('agent.done', { turn: 'T' })
    expect(await answer).toBe(pieces.join(''))
  })

  it('that reads slowly gets one long turn after the other, and is not cut off', async () => {
    const client = await attached()
    client.socket.pause()
    // More than the system keeps for a socket, and the daemon for a peer.
    const answers = Array.from({ length: 80 }, (_, index) => ask({ id: `T${index}`, text: LONG }))
    const other = await harness.ready()
    for (let time = 0; time < 5; time += 1) await other.request('session.ping', {})
    client.socket.resume()
    await expect.poll(() => turnsOf(client).length).toBe(80)
    for (let index = 0; index < 80; index += 1)
      await client.request('agent.done', { turn: `T${index}`, text: 'ok' })
    expect(await Promise.all(answers)).toEqual(answers.map(() => 'ok'))
  })

  it('is not handed what was taken back before it read that far', async () => {
    const client = await attached()
    client.socket.pause()
    const abort = new AbortController()
    const answers = Array.from({ length: 20 }, (_, index) =>
      ask({ id: `T${index}`, text: LONG }, index === 19 ? abort.signal : undefined).catch(() => 'taken back'),
    )
    abort.abort(new Error('taken back'))
    expect(await answers[19]).toBe('taken back')
    client.socket.resume()
    // What comes later is handed out later.
    answers.push(ask({ id: 'last' }).catch(() => 'taken back'))
    await expect.poll(() => turnsOf(client).at(-1)).toBe('last')
    expect(turnsOf(client)).not.toContain('T19')
    expect(client.frames.filter(({ method }) => method === 'agent.cancel')).toEqual([])
    client.close()
    await Promise.all(answers)
  })

  it('loses its turns when its token may not answer any more', async () => {
    const client = await attached()
    const answer = ask({ id: 'T' }).catch((error: unknown) => error)
    await client.event('agent.turn')
    await client.authenticate('scoped:read')
    expect(await answer).toMatchObject({ code: 'not_attached' })
    expect((await client.call('agent.done', { turn: 'T' })).error?.data.code).toBe('forbidden')
    expect(attachments.isHere(PLACE)).toBe(false)
  })

  it('loses them when a frame of it is too long, which is refused and not cut', async () => {
    const client = await attached()
    const answer = ask({ id: 'T' }).catch((error: unknown) => error)
    await client.event('agent.turn')
    client.sendText(
      JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'agent.done', params: { turn: 'T', text: LONG } }),
    )
    expect((await client.closed).code).toBe(1009)
    expect(await answer).toMatchObject({ code: 'not_attached' })
  })

  it('loses them when it is gone without a word, and the one after it is handed them', async () => {
    await harness.stop()
    await start({ limits: { heartbeatMs: 50 } })
    const dead = await attached()
    const answer = ask({ id: 'T' }).catch((error: unknown) => error)
    await dead.event('agent.turn')
    // As over a network that is cut: nothing that is sent there is answered, and nothing is closed.
    dead.socket.pause()
    expect(await answer).toMatchObject({ code: 'not_attached' })
    expect(attachments.isHere(PLACE)).toBe(false)
    expect(harness.log()).toContain('two pings unanswered')
    const next = await attached()
    const again = ask({ id: 'T' })
    await next.event('agent.turn')
    await next.request('agent.done', { turn: 'T', text: 'Here I am' })
    expect(await again).toBe('Here I am')
  })

  it('is not asked what is larger than a frame, and the turn says why', async () => {
    const client = await attached()
    await expect(ask({ text: 'x'.repeat(300_000) })).rejects.toMatchObject({ code: 'turn_too_large' })
    expect(turnsOf(client)).toEqual([])
  })

  it('may attach again without losing anything', async () => {
    const client = await attached()
    const answer = ask({ id: 'T' })
    await client.event('agent.turn')
    await client.request('agent.attach', { agent: 'ada' })
    await client.request('agent.done', { turn: 'T', text: 'still mine' })
    expect(await answer).toBe('still mine')
    expect(turnsOf(client)).toEqual(['T'])
  })

  /** The file came without that piece, and looked whole. */
  it.each<[string, object]>([
    ['that is no base64', { part: { type: 'data', data: '%%%' } }],
    ['beside a field that is not known', { part: { type: 'data', data: 'bWlk' }, index: 2 }],
  ])('that goes on after a piece %s sends no file with a hole', async (_what, refused) => {
    const client = await attached()
    const parts: ReplyPart[] = []
    const answered = (async () => {
      const signal = new AbortController().signal
      for await (const part of attachments.hand(PLACE, turnOf({ id: 'T' }), signal)) parts.push(part)
    })()
    await client.event('agent.turn')
    const piece = (text: string): object => ({ type: 'data', data: Buffer.from(text).toString('base64') })
    const media = { type: 'media', kind: 'document', name: 'a.txt' }
    const give = async (params: object): Promise<string | undefined> =>
      (await client.call('agent.part', { turn: 'T', ...params })).error?.data.code
    expect(await give({ part: piece('begin') })).toBeUndefined()
    expect(await give(refused)).toBe('invalid_params')
    expect(await give({ part: piece('end') })).toBeUndefined()
    expect(await give({ part: media })).toBe('invalid_params')
    expect(await give({ part: piece('whole') })).toBeUndefined()
    expect(await give({ part: media })).toBeUndefined()
    await client.request('agent.done', { turn: 'T' })
    await answered
    expect(parts).toEqual([
      { type: 'unusable', why: 'A piece of this file was refused.' },
      { ...media, file: { data: Buffer.from('whole') } },
    ])
  })
})
