import { AudioConverter } from '../../../../agents/audio/audio-converter.ts'
import { Transcription } from '../../../../agents/transcription/transcription.ts'
import { createLogger } from '../../../../observability/log/logger.ts'
import { type Check, fine, problem, warning } from '../check.ts'
import { lookWithin } from '../look-within.ts'
import { outboundNetwork } from '../outbound.ts'
import { subjectOf } from './account-checks.ts'

/** Of voice messages, both ways. */
export const VOICE_CHECKS: readonly Check[] = [
  {
    id: 'voice.ffmpeg',
    looksAt:
      'whether ffmpeg is there, which makes voice messages of the sound that an assistant sends, and WAV of those that `openai-chat` hears (`audio: true`)',
    look: ({ env }) =>
      new AudioConverter({ environment: env }).canConvert
        ? [
            fine(
              'ffmpeg is there: what an assistant says as sound goes out as a voice message, and one of openai-chat with audio: true can hear those of people.',
            ),
          ]
        : [
            warning(
              'ffmpeg is not there, or other users can change it: sound goes out as an audio file, unless it is Ogg with Opus already, and an assistant of openai-chat with audio: true hears no voice messages.',
              'Install the package ffmpeg (Debian: apt-get install ffmpeg), so that it is in the PATH of the daemon.',
            ),
          ],
  },
  {
    id: 'voice.transcription',
    looksAt:
      'the server that writes down voice messages: whether it is there, takes the key, and has the model',
    look: async (facts, signal) => {
      const { config, secrets } = facts
      const accounts = config?.accounts ?? {}
      const named = Object.values(accounts).filter(({ transcription }) => transcription !== null)
      if (named.length === 0) return []
      const network = await outboundNetwork(facts).catch(() => null)
      const transcription = new Transcription({
        accounts: () => accounts,
        secrets,
        fetch: network?.fetch ?? globalThis.fetch,
        logger: createLogger({ level: 'silent' }),
      })
      return Promise.all(
        named.flatMap(({ id }) => {
          const check = transcription.check(id)
          return check === null ? [] : [lookWithin(check, subjectOf(id), signal)]
        }),
      )
    },
  },
  {
    id: 'voice.health',
    looksAt: 'how the server is that writes down voice messages, as the running daemon says',
    look: ({ daemon }) => {
      if (daemon.state !== 'running') return []
      return daemon.accounts.flatMap(({ account, assistant }) => {
        const { ok, lastFailure = null } = assistant?.transcription ?? { ok: true }
        if (ok || lastFailure === null) return []
        return [problem(lastFailure.message, lastFailure.action, subjectOf(account))]
      })
    },
  },
]
