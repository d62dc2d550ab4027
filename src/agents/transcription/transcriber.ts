import { stat } from 'node:fs/promises'
import type { TranscriptionConfig } from '../../config/model.ts'
import { fileForm, type FormFile } from '../../network/file-form.ts'
import type { Places } from '../../timing/places.ts'
import { AgentError } from '../agent-error.ts'
import { type OpenAiServer, requestOf } from '../openai/openai-server.ts'
import { waitBeforeRetry } from '../openai/wait-before-retry.ts'
import { readTranscript } from './read-transcript.ts'

export interface TranscriberOptions extends OpenAiServer {
  who: string
  settings: Pick<TranscriptionConfig, 'model' | 'language' | 'prompt' | 'timeoutSeconds'>
  /** Those of requests that run side by side; the wait for one is part of `timeoutSeconds`. */
  places: Pick<Places, 'take'>
  /** Shorter waits, for tests. */
  retryDelaysMs?: readonly number[] | undefined
}

/** A file with sound, by its content. */
export type Sound = Pick<FormFile, 'path' | 'mimeType' | 'name'>

/**
 * What is said in a file, by a server that speaks OpenAI's `/audio/transcriptions`; empty where nothing is. A server that is busy, or
 * broken for a moment, is asked twice more. Rejects with `AgentError` without a cure that names settings, within `timeoutSeconds`; with
 * the signal's reason where it is aborted.
 */
export async function transcribe(
  sound: Sound,
  options: TranscriberOptions,
  signal: AbortSignal,
): Promise<string> {
  const { who, settings, places } = options
  const { timeoutSeconds } = settings
  const timeout = AbortSignal.timeout(timeoutSeconds * 1_000)
  const ended = AbortSignal.any([signal, timeout])
  let leave: (() => void) | undefined
  try {
    leave = await places.take(ended)
    for (let tries = 0; ; tries += 1) {
      try {
        return await ask(sound, options, ended)
      } catch (error) {
        await waitBeforeRetry(error, tries, { signal: ended, delaysMs: options.retryDelaysMs })
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!timeout.aborted) throw error
    throw new AgentError('timeout', `${who} did not finish within ${timeoutSeconds} s`)
  } finally {
    leave?.()
  }
}

async function ask(sound: Sound, options: TranscriberOptions, signal: AbortSignal): Promise<string> {
  const { who, settings } = options
  const { model, language, prompt } = settings
  const { size } = await stat(sound.path)
  const form = fileForm(
    {
      model,
      response_format: 'json',
      ...(language !== null && { language }),
      ...(prompt !== null && { prompt }),
    },
    { ...sound, size },
  )
  const hangUp = new AbortController()
  try {
    const ended = AbortSignal.any([signal, hangUp.signal])
    return await readTranscript(
      await requestOf(options, '/audio/transcriptions', { form, signal: ended }),
      who,
    )
  } catch (error) {
    const failure = form.failure()
    if (failure !== null) throw new AgentError('failed', `a voice message ${failure}`)
    throw tooLarge(error, who) ?? error
  } finally {
    hangUp.abort()
  }
}

/** A chat's words for that a request is too long are about the sound here. */
function tooLarge(error: unknown, who: string): AgentError | null {
  if (!(error instanceof AgentError) || error.code !== 'context_overflow') return null
  return new AgentError('turn_too_large', `${who} takes no sound of this size`)
}
