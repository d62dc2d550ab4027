import { once } from 'node:events'
import { Agent } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AgentError } from '../../../../src/agents/agent-error.ts'
import { Transcription } from '../../../../src/agents/transcription/transcription.ts'
import type { TranscriptionConfig } from '../../../../src/config/model.ts'
import { SecretReader } from '../../../../src/config/secrets/secret-reader.ts'
import { type Fetch, fetchThrough } from '../../../../src/network/fetch-through.ts'
import { opusFile } from '../../../support/opus-file.ts'
import { replies, says, TranscriptionServer } from '../../../support/transcription-server.ts'
import { wavFile } from '../../../support/wav-file.ts'

const KEY = 'sk-of-the-test'
const never = new AbortController().signal

let server: TranscriptionServer
let directory: string
let settings: TranscriptionConfig | null
let transcription: Transcription
let changes: string[]
let log: string

beforeAll(async () => {
  server = await TranscriptionServer.start()
  directory = mkdtempSync(join(tmpdir(), 'transcription-'))
})
afterAll(async () => {
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
})

beforeEach(() => {
  server.asked.length = 0
  server.answer = says('hello there')
  settings = {
    baseUrl: server.baseUrl,
    model: 'whisper-1',
    apiKey: { env: 'KEY' },
    language: null,
    prompt: null,
    timeoutSeconds: 5,
    maxMinutes: 1,
  }
  make()
})

afterEach(() => {
  expect(log).not.toContain(KEY)
})

function make(fetch: Fetch = globalThis.fetch): void {
  changes = []
  log = ''
  const logger = pino({ level: 'warn' }, { write: (line: string) => void (log += line) })
  transcription = new Transcription({
    accounts: () => ({ home: { id: 'home', section: 'channels.whatsapp', transcription: settings } }),
    secrets: new SecretReader({ env: { KEY }, logger }),
    fetch,
    changed: (account) => changes.push(account),
    logger,
    retryDelaysMs: [1, 1],
  })
}

function file(content: Buffer | string, name = 'a'): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const write = (content: Buffer | string = opusFile({ seconds: 1 })): Promise<string | null> =>
  transcription.transcribe('home', file(content), never)

async function failure(work: Promise<unknown>): Promise<AgentError> {
  const error: unknown = await work.catch((reason: unknown) => reason)
  if (error instanceof AgentError) return error
  throw new Error('it did not fail', { cause: error })
}

it('posts the file as a form whose length is known, and answers with the words', async () => {
  const voice = opusFile({ seconds: 20 })
  expect(await write(voice)).toBe('hello there')
  const [asked] = server.asked
  expect(asked).toMatchObject({
    url: '/v1/audio/transcriptions',
    authorization: `Bearer ${KEY}`,
    fields: { model: 'whisper-1', response_format: 'json' },
    file: { name: 'voice.ogg', type: 'audio/ogg' },
  })
  expect(asked?.file?.bytes.equals(voice)).toBe(true)
  expect(asked?.contentLength).toBeGreaterThan(voice.length)
})

it('goes out on the way that proxies and own certificates need, too', async () => {
  const agent = new Agent()
  make(fetchThrough(() => agent))
  const voice = wavFile(3)
  expect(await write(voice)).toBe('hello there')
  expect(server.asked[0]?.file?.bytes.equals(voice)).toBe(true)
  expect(server.asked[0]?.contentLength).toBeGreaterThan(voice.length)
  server.answer = replies(401, '{"error":{"message":"no"}}')
  expect((await failure(write(voice))).code).toBe('unauthorized')
  agent.destroy()
})

it('says what is spoken, and the words to know, where the settings do', async () => {
  settings = settings && { ...settings, language: 'de', prompt: 'Ada, "Kreuzberg"', apiKey: null }
  await write()
  expect(server.asked[0]).toMatchObject({
    authorization: undefined,
    fields: { language: 'de', prompt: 'Ada, "Kreuzberg"' },
  })
})

it('names a file by what it is, not by what its sender says', async () => {
  for (const [content, name] of [
    [wavFile(0.1), 'voice.wav'],
    ['ID3\u0004 an mp3', 'voice.mp3'],
    ['\0\0\0\u0018ftypM4A ', 'voice.m4a'],
    ['fLaC', 'voice.flac'],
    ['#!AMR\n', 'voice.amr'],
    ['what is this', 'voice.ogg'],
  ] as const) {
    await write(content)
    expect(server.asked.at(-1)?.file?.name).toBe(name)
  }
})

describe('answers', () => {
  it.each([
    [
      'verbose_json',
      JSON.stringify({ task: 'transcribe', duration: 1, text: ' one two ', segments: [{ text: ' x' }] }),
      'one two',
    ],
    ['segments alone', JSON.stringify({ segments: [{ text: ' one' }, { text: ' two' }] }), 'one two'],
    ['a list of segments', JSON.stringify([{ text: 'one' }, { text: 'two' }]), 'one two'],
    ['`transcription`', JSON.stringify({ transcription: [{ text: 'one' }] }), 'one'],
    ['a JSON text', JSON.stringify('one two'), 'one two'],
    ['plain text', 'one two\n', 'one two'],
    ['plain text that is JSON, too', '42', '42'],
    ['plain text in brackets', '[door] who is there?', '[door] who is there?'],
    ['silence, as whisper.cpp writes it', JSON.stringify({ text: ' [BLANK_AUDIO]\n' }), ''],
    ['silence', JSON.stringify({ text: '' }), ''],
    ['control characters', JSON.stringify({ text: 'a\0b\u001b[31mc\u0007\r\nd' }), 'a\uFFFDbc\nd'],
    ['what looks like a command', JSON.stringify({ text: '/stop' }), '/stop'],
    ['an `error` that is null', JSON.stringify({ error: null, text: 'one' }), 'one'],
  ])('reads %s', async (_what, body, text) => {
    server.answer = replies(200, body)
    expect(await write()).toBe(text)
  })

  it('takes nothing for silence only from a server that answers with plain text', async () => {
    server.answer = replies(200, '', { 'content-type': 'text/plain; charset=utf-8' })
    expect(await write()).toBe('')
    server.answer = replies(200, '')
    expect((await failure(write())).code).toBe('bad_answer')
  })

  it('cuts a text that is longer than any message', async () => {
    server.answer = says('a'.repeat(1_000_000))
    const text = await write()
    expect(text).toMatch(/^a+…$/)
    expect(text?.length).toBeLessThanOrEqual(70_000)
  })

  it.each([
    ['an HTML page', '<!DOCTYPE html><html>sign in</html>', 'bad_answer'],
    ['JSON of something else', '{"choices":[]}', 'bad_answer'],
    ['JSON that is broken off', '{"text":"one', 'bad_answer'],
    [
      'an error inside of it',
      '{"error":{"message":"Invalid API key","code":"invalid_api_key"}}',
      'unauthorized',
    ],
    ['an error beside empty words', '{"text":"","error":"overloaded"}', 'server_error'],
  ])('refuses %s', async (_what, body, code) => {
    server.answer = replies(200, body)
    expect((await failure(write())).code).toBe(code)
  })

  it('stops to read what has no end', async () => {
    server.answer = async (response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const closed = once(response, 'close')
      while (!response.destroyed) {
        if (response.write('word '.repeat(20_000))) continue
        await Promise.race([new Promise((resolve) => response.once('drain', resolve)), closed])
      }
    }
    const { code, message } = await failure(write())
    expect([code, message]).toEqual([
      'bad_answer',
      'the transcription server sent far more than a transcript',
    ])
  })
})

describe('failures name the setting, and are seen', () => {
  it.each([
    [401, 'unauthorized', 'Check channels.whatsapp.transcription.apiKey (the environment variable KEY).'],
    [404, 'not_found', 'channels.whatsapp.transcription.model ("whisper-1")'],
    [400, 'bad_request', 'Ogg with Opus'],
    [413, 'turn_too_large', 'channels.whatsapp.transcription.maxMinutes (1)'],
    [302, 'bad_answer', 'channels.whatsapp.transcription.baseUrl (http://127.0.0.1:'],
    [500, 'server_error', 'Look into the log of the server'],
  ])('%s', async (status, code, action) => {
    server.answer = replies(status, '{"error":{"message":"secret words of the server"}}', {
      location: 'http://127.0.0.1:9/elsewhere',
    })
    const error = await failure(write())
    expect(error.code).toBe(code)
    expect(error.action).toContain(action)
    expect(error.message).toMatch(/^the transcription server/)
    expect(log).toContain('a voice message was not written down: the transcription server')
    expect(log + error.message).not.toContain('secret words')
  })

  it('knows how it is, and tells when that changes', async () => {
    expect(transcription.health('home')).toMatchObject({ ok: true, lastFailure: null })
    server.answer = replies(401, '{}')
    await failure(write())
    await failure(write())
    expect(transcription.health('home')).toMatchObject({ ok: false, lastFailure: { code: 'unauthorized' } })
    expect(changes).toEqual(['home'])
    server.answer = says('again')
    await write()
    expect(transcription.health('home')).toMatchObject({ ok: true, lastFailure: { code: 'unauthorized' } })
    expect(changes).toEqual(['home', 'home'])
    server.answer = replies(401, '{}')
    await failure(write())
    settings = settings && { ...settings, model: 'another' }
    expect(transcription.health('home')).toMatchObject({ ok: true, lastFailure: null })
    settings = null
    expect(transcription.health('home')).toBeNull()
    expect(await write()).toBeNull()
  })

  it('a message that is too long says nothing of the server, and is not sent', async () => {
    for (const content of [opusFile({ seconds: 61 }), Buffer.alloc(2_400_001)]) {
      const { code, message } = await failure(write(content))
      expect([code, message]).toEqual(['turn_too_large', 'it is longer than 1 minute'])
    }
    expect(server.asked).toEqual([])
    expect(transcription.health('home')?.ok).toBe(true)
  })

  it('a key that is not there', async () => {
    settings = settings && { ...settings, apiKey: { env: 'ABSENT' } }
    const { code, action } = await failure(write())
    expect(code).toBe('misconfigured')
    expect(action).toContain('transcription.apiKey, which is the environment variable ABSENT')
    expect(server.asked).toEqual([])
  })

  it('a server that is not there', async () => {
    settings = settings && { ...settings, baseUrl: 'http://127.0.0.1:9/key-in-the-path' }
    const { code, action } = await failure(write())
    expect(code).toBe('unreachable')
    expect(action).toContain('channels.whatsapp.transcription.baseUrl (http://127.0.0.1:9; most end in /v1)')
  })

  it('a file that is gone, without its path', async () => {
    const { code, message } = await failure(transcription.transcribe('home', join(directory, 'gone'), never))
    expect([code, message]).toEqual(['failed', 'a voice message could not be read'])
  })
})

describe('time', () => {
  it('asks a busy server again, after as long as it asks for', async () => {
    const answers = [replies(429, '{}', { 'retry-after': '0' }), replies(503, '{}'), says('at last')]
    server.answer = (response, request) => answers[server.asked.length - 1]?.(response, request)
    expect(await write()).toBe('at last')
    expect(server.asked).toHaveLength(3)
  })

  it('asks no more than three times, and not at all where it should wait for long', async () => {
    server.answer = replies(503, '{}')
    await failure(write())
    expect(server.asked).toHaveLength(3)
    server.answer = replies(429, '{}', { 'retry-after': '3600' })
    await failure(write())
    expect(server.asked).toHaveLength(4)
  })

  it('gives up on a server that never answers', async () => {
    settings = settings && { ...settings, timeoutSeconds: 1 }
    server.answer = () => {}
    const { code, action } = await failure(write())
    expect(code).toBe('timeout')
    expect(action).toBe('Raise channels.whatsapp.transcription.timeoutSeconds (1), or use a faster model.')
  })

  it('ends with the turn, and blames nobody then', async () => {
    const abort = new AbortController()
    const reason = new Error('the turn is over')
    server.answer = () => abort.abort(reason)
    await expect(transcription.transcribe('home', file(opusFile({ seconds: 1 })), abort.signal)).rejects.toBe(
      reason,
    )
    expect(transcription.health('home')?.ok).toBe(true)
    expect(log).toBe('')
  })
})
