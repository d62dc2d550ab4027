import { z } from 'zod'
import { isRecord } from '../../../protocol/is-record.ts'
import { cleanLine } from '../../../text/bounded-text.ts'

const MAX_PROBLEMS = 8
/** There are five kinds. */
const MAX_ENTITIES = 20
const MAX_TEXT = 300

export const numberHealthSchema = z.object({
  canSend: z.string(),
  problems: z.array(
    z.object({
      about: z.string(),
      canSend: z.string(),
      code: z.number().nullable(),
      message: z.string(),
      solution: z.string().nullable(),
    }),
  ),
})

/** Whether messages can be sent, and what of number, account, company or app is in the way, in Meta's words. */
export type NumberHealth = z.infer<typeof numberHealthSchema>

/**
 * What `health_status` says, of a number or at 360dialog; `null` where it says nothing. Meta names errors of what blocks, and additional info of
 * what limits. Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status
 */
export function healthIn(body: unknown): NumberHealth | null {
  const status = isRecord(body) ? body['health_status'] : undefined
  if (!isRecord(status)) return null
  const canSend = wordIn(status['can_send_message'])
  if (canSend === null) return null
  return { canSend, problems: entitiesIn(status).flatMap(problemsOf).slice(0, MAX_PROBLEMS) }
}

/** The id of the number that `health_status` is about; `null` where none is named. */
export function healthyNumberId(body: unknown): string | null {
  const status = isRecord(body) ? body['health_status'] : undefined
  const number = entitiesIn(status).find((entity) => entity['entity_type'] === 'PHONE_NUMBER')
  const id = number?.['id']
  return typeof id === 'string' && /^\d{1,32}$/.test(id) ? id : null
}

type Entity = Readonly<Record<string, unknown>>

function entitiesIn(status: unknown): Entity[] {
  const entities = isRecord(status) ? status['entities'] : undefined
  return Array.isArray(entities) ? entities.slice(0, MAX_ENTITIES).filter(isRecord) : []
}

function problemsOf(entity: Entity): NumberHealth['problems'] {
  const about = wordIn(entity['entity_type']) ?? 'UNKNOWN'
  const canSend = wordIn(entity['can_send_message'])
  if (canSend === null || canSend === 'AVAILABLE') return []
  const base = { about, canSend }
  const errors = listIn(entity['errors'])
    .filter(isRecord)
    .map((error) => ({
      ...base,
      code: typeof error['error_code'] === 'number' ? error['error_code'] : null,
      message: wordIn(error['error_description']) ?? canSend,
      solution: wordIn(error['possible_solution']),
    }))
  const infos = listIn(entity['additional_info']).flatMap((info) => {
    const message = wordIn(info)
    return message === null ? [] : [{ ...base, code: null, message, solution: null }]
  })
  const named = [...errors, ...infos]
  return named.length > 0 ? named : [{ ...base, code: null, message: canSend, solution: null }]
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_PROBLEMS) : []
}

function wordIn(value: unknown): string | null {
  const text = typeof value === 'string' ? cleanLine(value, MAX_TEXT) : ''
  return text === '' ? null : text
}
