import { expect } from 'vitest'
import { sentencesIn } from '../../../src/conversations/notices/sentences-in.ts'
import { opusFile } from '../../support/opus-file.ts'
import { OWNER } from '../../support/stack.ts'
import { type TranscriptionAnswer, TranscriptionServer } from '../../support/transcription-server.ts'
import type { LiveCheck } from './check.ts'
import type { Scene } from './scene.ts'

/** Alice speaks for so long; resolves with what she gets, and what the assistant was told. */
async function speak(scene: Scene, seconds = 1): Promise<{ got: string[]; told: string }> {
  const { alice } = scene.stack
  const mark = alice.received.length
  await send(scene, seconds)
  await alice.waitForText(() => alice.received.length > mark)
  return {
    got: alice.received.slice(mark).map(({ text }) => text),
    told: scene.server.asked.length === 0 ? '' : scene.told.text,
  }
}

async function send({ stack }: Scene, seconds: number): Promise<void> {
  await stack.alice.sendMedia(OWNER, { kind: 'voice', data: opusFile({ seconds }), seconds })
}

/** What becomes of voice messages. */
export const VOICE_CHECKS = {
  transcription: {
    members: ['baseUrl', 'model', 'apiKey', 'language', 'prompt', 'timeoutSeconds', 'maxMinutes'],
    async seen(scene) {
      const { voiceUnheard, voiceFailed } = sentencesIn('en')
      const servers = [await TranscriptionServer.start(), await TranscriptionServer.start()] as const
      const [first, second] = servers
      const of = (server: TranscriptionServer, more: object = {}): Record<string, unknown> => ({
        transcription: { baseUrl: server.baseUrl, model: 'whisper-1', ...more },
      })
      try {
        expect((await speak(scene)).got).toEqual([voiceUnheard])
        await scene.set(of(first))
        expect(await speak(scene)).toMatchObject({
          got: ['the answer'],
          told: expect.stringContaining('"hello there"'),
        })
        const more = { model: 'm-2', apiKey: 'sk-1', language: 'de', prompt: 'Ada', maxMinutes: 1 }
        await scene.set(of(second, more))
        await speak(scene)
        expect(second.asked).toMatchObject([
          { authorization: 'Bearer sk-1', fields: { model: 'm-2', language: 'de', prompt: 'Ada' } },
        ])
        expect((await speak(scene, 61)).got).toEqual([voiceFailed])
        expect(second.asked).toHaveLength(1)
        // Longer than the shortest time that can be set.
        const slow: TranscriptionAnswer = () => {}
        first.answer = slow
        await scene.set(of(first, { timeoutSeconds: 1 }))
        await send(scene, 1)
        await expect
          .poll(() => scene.stack.account().assistant?.transcription?.lastFailure?.code)
          .toBe('timeout')
      } finally {
        for (const server of servers) await server.stop()
      }
    },
  },
} satisfies Record<string, LiveCheck>
