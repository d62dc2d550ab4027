import type { TranscriptionConfig } from '../../model.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'
import { readSecret } from '../../secrets/read-secret.ts'
import { TRANSCRIPTION_DEFAULTS } from '../../settings/transcription-setting.ts'
import type { RawAccount } from '../read-channel.ts'
import type { PathContext } from '../read-path.ts'

/** Who writes down voice messages, as one layer of the file says: another layer's key is never sent to its server. `null`: nobody. */
export function readTranscription(
  raw: RawAccount['transcription'],
  path: readonly PathSegment[],
  context: PathContext,
  problems: Problems,
): TranscriptionConfig | null {
  if (raw === undefined || raw === null) return null
  const { baseUrl, model, apiKey, language = null, prompt = null } = raw
  return {
    ...TRANSCRIPTION_DEFAULTS,
    baseUrl,
    model,
    apiKey: apiKey === undefined ? null : readSecret(apiKey, [...path, 'apiKey'], context, problems),
    language,
    prompt,
    ...(raw.timeoutSeconds !== undefined && { timeoutSeconds: raw.timeoutSeconds }),
    ...(raw.maxMinutes !== undefined && { maxMinutes: raw.maxMinutes }),
  }
}
