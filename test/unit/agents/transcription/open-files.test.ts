import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgentError } from '../../../../src/agents/agent-error.ts'
import { transcribe, type TranscriberOptions } from '../../../../src/agents/transcription/transcriber.ts'
import { Places } from '../../../../src/timing/places.ts'
import { replies, TranscriptionServer } from '../../../support/transcription-server.ts'

// Each voice message with a key that could not be read left its file open, until the daemon could open no more.

const never = new AbortController().signal
let server: TranscriptionServer
let directory: string

beforeAll(async () => {
  server = await TranscriptionServer.start()
  directory = mkdtempSync(join(tmpdir(), 'open-files-'))
  writeFileSync(join(directory, 'voice'), Buffer.alloc(1_000_000))
})
afterAll(async () => {
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
})

it.each<[string, () => Partial<TranscriberOptions>]>([
  [
    'its key cannot be read',
    () => ({
      apiKey: () => {
        throw new AgentError('misconfigured', 'no key')
      },
    }),
  ],
  ['no request can be made', () => ({ fetch: () => Promise.reject(new TypeError('no request')) })],
  ['nobody is there', () => ({ baseUrl: 'http://127.0.0.1:9' })],
  ['the server says no', () => ({})],
])('leaves no file open where %s', async (_when, options) => {
  server.answer = replies(401, '{}')
  const path = join(directory, 'voice')
  const openFiles = (): number => readdirSync('/proc/self/fd').length
  const before = openFiles()
  for (let tries = 0; tries < 20; tries += 1)
    await expect(
      transcribe(
        { path, mimeType: 'audio/ogg', name: 'voice.ogg' },
        {
          who: 'the server',
          baseUrl: server.baseUrl,
          apiKey: () => null,
          settings: { model: 'whisper-1', language: null, prompt: null, timeoutSeconds: 5 },
          places: new Places(1),
          retryDelaysMs: [],
          ...options(),
        },
        never,
      ),
    ).rejects.toThrow(AgentError)
  // A connection or two may be kept.
  await expect.poll(openFiles).toBeLessThan(before + 10)
})
