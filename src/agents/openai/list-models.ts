import { isRecord } from '../../protocol/is-record.ts'
import { AgentError } from '../agent-error.ts'
import { isModelName } from '../is-model-name.ts'
import { readAnswerBody } from './answer-body.ts'
import { type OpenAiServer, requestOf } from './openai-server.ts'

const MAX_MODELS = 1_000
const DEADLINE_MS = 10_000

/**
 * The models that the server offers (`GET /models`), in its order; at most a thousand. Throws `AgentError`; within ten seconds, or the
 * signal's reason.
 */
export async function listModels(server: OpenAiServer, signal: AbortSignal): Promise<string[]> {
  const timeout = AbortSignal.timeout(DEADLINE_MS)
  const hangUp = new AbortController()
  try {
    const ended = AbortSignal.any([signal, timeout, hangUp.signal])
    const response = await requestOf(server, '/models', { signal: ended })
    const models = new Set<string>()
    for await (const value of readAnswerBody(response.body, server.who)) {
      for (const model of namesIn(value)) if (models.size < MAX_MODELS) models.add(model)
    }
    return [...models]
  } catch (error) {
    signal.throwIfAborted()
    if (!timeout.aborted) throw error
    throw new AgentError(
      'timeout',
      `${server.who ?? 'the assistant'} did not list its models within ${DEADLINE_MS / 1_000} s`,
    )
  } finally {
    hangUp.abort()
  }
}

/** `data` of OpenAI, `models` of others, or one model of a bare list. */
function namesIn(value: unknown): string[] {
  if (!isRecord(value)) return typeof value === 'string' ? [value].filter(isModelName) : []
  const { data, models, id, name } = value
  const list = Array.isArray(data) ? data : Array.isArray(models) ? models : null
  if (list !== null) return list.flatMap(namesIn)
  return [id ?? name].filter((each) => typeof each === 'string').filter(isModelName)
}
