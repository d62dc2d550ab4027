import { Agent } from 'node:http'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AgentError } from '../../../../src/agents/agent-error.ts'
import { Transcription } from '../../../../src/agents/transcription/transcription.ts'
import { SecretReader } from '../../../../src/config/secrets/secret-reader.ts'
import { type Fetch, fetchThrough } from '../../../../src/network/fetch-through.ts'
import { opusFile } from '../../../support/opus-file.ts'
import { replies, says, TranscriptionServer } from '../../../support/transcription-server.ts'

const never = new AbortController().signal
const VOICE = opusFile({ seconds: 1 })
/** Long enough for eight requests on a busy machine. */
const SLOW_SECONDS = 8

let server: TranscriptionServer
let hung: TranscriptionServer
let directory: string
let transcription: Transcription

beforeAll(async () => {
  server = await TranscriptionServer.start()
  hung = await TranscriptionServer.start()
  hung.answer = () => {}
  directory = mkdtempSync(join(tmpdir(), 'blame-'))
})
afterAll(async () => {
  await server.stop()
  await hung.stop()
  rmSync(directory, { recursive: true, force: true })
})

beforeEach(() => {
  server.asked.length = 0
  server.answer = says('hello there')
  make()
})

function make(fetch: Fetch = globalThis.fetch): void {
  const logger = pino({ level: 'silent' })
  const account = (id: string, { baseUrl }: TranscriptionServer, timeoutSeconds: number) => ({
    id,
    section: 'channels.whatsapp' as const,
    transcription: {
      baseUrl,
      model: 'whisper-1',
      apiKey: null,
      language: null,
      prompt: null,
      timeoutSeconds,
      maxMinutes: 1,
    },
  })
  const accounts = { home: account('home', server, 5), slow: account('slow', hung, SLOW_SECONDS) }
  const secrets = new SecretReader({ env: {}, logger })
  transcription = new Transcription({ accounts: () => accounts, secrets, fetch, logger, retryDelaysMs: [] })
}

let files = 0

function write(content: Buffer, id = 'home'): Promise<string | null> {
  // Of its own: others may be read meanwhile.
  files += 1
  const path = join(directory, `voice-${files}`)
  writeFileSync(path, content)
  return transcription.transcribe(id, path, never)
}

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  const error: unknown = await work.catch((reason: unknown) => reason)
  return error instanceof AgentError ? error.code : null
}

const isOk = (): boolean | undefined => transcription.health('home')?.ok

describe('a file says nothing of the server', () => {
  it('in an empty one nothing is said', async () => {
    expect(await write(Buffer.alloc(0))).toBe('')
    expect(server.asked).toEqual([])
    expect(transcription.health('home')).toMatchObject({ ok: true, lastSuccessAt: null })
  })

  it('one that a filter keeps back', async () => {
    server.answer = replies(451, '{}')
    expect(await codeOf(write(VOICE))).toBe('refused')
    expect(isOk()).toBe(true)
  })

  it('one that is gone', async () => {
    expect(await codeOf(transcription.transcribe('home', join(directory, 'gone'), never))).toBe('failed')
    expect(isOk()).toBe(true)
  })

  it.each<[string, () => Fetch]>([
    ['of Node', () => globalThis.fetch],
    ['of ours', () => fetchThrough(() => new Agent())],
  ])('one that shrinks while it is sent, by the fetch %s', async (_whose, fetch) => {
    const send = fetch()
    make((url, init) => {
      truncateSync(join(directory, `voice-${files}`), 10)
      return send(url, init)
    })
    expect(await codeOf(write(Buffer.alloc(1_000_000)))).toBe('failed')
    expect(isOk()).toBe(true)
  })

  it('one that the server does not understand, where it understood others', async () => {
    server.answer = replies(400, '{}')
    expect(await codeOf(write(VOICE))).toBe('bad_request')
    expect(isOk()).toBe(false)
    server.answer = says('hello there')
    await write(VOICE)
    server.answer = replies(400, '{}')
    expect(await codeOf(write(VOICE))).toBe('bad_request')
    expect(isOk()).toBe(true)
  })
})

it('the server of one account that hangs holds up that account alone, and nobody for longer than the limit', async () => {
  const ended: number[] = []
  const asked = Array.from({ length: 9 }, () =>
    codeOf(write(VOICE, 'slow')).finally(() => ended.push(performance.now())),
  )
  await expect.poll(() => hung.asked.length).toBe(8)
  expect(await write(VOICE)).toBe('hello there')
  expect(await Promise.all(asked)).toEqual(Array(9).fill('timeout'))
  // One that waited for a place first would end a whole limit after the others.
  expect((ended.at(-1) ?? 0) - (ended.at(-2) ?? 0)).toBeLessThan(SLOW_SECONDS * 800)
})
