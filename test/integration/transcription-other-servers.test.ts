import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AudioConverter } from '../../src/agents/audio/audio-converter.ts'
import { Transcription } from '../../src/agents/transcription/transcription.ts'
import { opusFile } from '../support/opus-file.ts'
import { describeRealAgents } from '../support/real-agents.ts'
import { wavFile } from '../support/wav-file.ts'

/** What is used of aimock. */
interface SpeechServer {
  url: string
  start(): Promise<unknown>
  stop(): Promise<unknown>
  onTranscription(answer: { transcription: { text: string } }): unknown
  setChaos(rates: Record<string, number>): unknown
  clearChaos(): unknown
  getRequests(): { path: string; body: Record<string, unknown> | null }[]
}

const never = new AbortController().signal

describeRealAgents('aimock writes down a voice message', (packages) => {
  let speech: SpeechServer
  let directory: string
  let transcription: Transcription

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'aimock-speech-'))
    // The types of the package are not installed with ours.
    const { LLMock } = packages.require('@copilotkit/aimock') as {
      LLMock: new (options: object) => SpeechServer
    }
    speech = new LLMock({ port: 0 })
    speech.onTranscription({ transcription: { text: 'hello from aimock' } })
    await speech.start()
    const settings = {
      baseUrl: `${speech.url}/v1`,
      model: 'whisper-1',
      apiKey: { literal: 'none' },
      language: 'en',
      prompt: null,
      timeoutSeconds: 20,
      maxMinutes: 1,
    }
    transcription = new Transcription({
      accounts: () => ({ home: { id: 'home', section: 'channels.whatsapp', transcription: settings } }),
      secrets: { read: () => 'none' },
      fetch: globalThis.fetch,
      logger: pino({ level: 'silent' }),
      retryDelaysMs: [0, 0],
    })
  })
  afterEach(async () => {
    await speech.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  /** A real recording where ffmpeg is there, else one made by hand. */
  async function recording(): Promise<string> {
    const [source, target] = [join(directory, 'a.wav'), join(directory, 'a.ogg')]
    writeFileSync(source, wavFile(2))
    const made = await new AudioConverter({ environment: process.env }).toVoice(source, target, never)
    if (made === null) writeFileSync(target, opusFile({ seconds: 2 }))
    return target
  }

  it('and lists its models', async () => {
    expect(await transcription.transcribe('home', await recording(), never)).toBe('hello from aimock')
    expect(speech.getRequests()).toMatchObject([
      { path: '/v1/audio/transcriptions', body: { model: 'whisper-1' } },
    ])
    expect((await transcription.check('home')?.look(never))?.message).toContain('The server answers')
  })

  it.each([
    ['500', { dropRate: 1 }, /^server_error$/],
    ['what is no JSON', { malformedRate: 1 }, /^(?:bad_answer|interrupted)$/],
    ['429 and when to come again', { rateLimitRate: 1 }, /^rate_limited$/],
    ['a closed connection', { disconnectRate: 1 }, /^(?:unreachable|interrupted)$/],
  ])('and fails by name where it always answers with %s', async (_fault, rates, code) => {
    const file = await recording()
    speech.setChaos(rates)
    await expect(transcription.transcribe('home', file, never)).rejects.toMatchObject({
      code: expect.stringMatching(code),
    })
    speech.clearChaos()
    expect(await transcription.transcribe('home', file, never)).toBe('hello from aimock')
  })
})
