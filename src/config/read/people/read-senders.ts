import { readIdEntry } from '../../../access/numbers/id-entry.ts'
import { normalizePhoneNumber } from '../../../access/numbers/phone-number.ts'
import type { SenderSettings } from '../../model.ts'
import type { PathSegment } from '../../document/json5-tree.ts'
import type { Problems } from '../../problems/problems.ts'

export interface RawSenders {
  senders: Readonly<Record<string, { agent?: string | undefined; name?: string | undefined }>>
  path: readonly PathSegment[]
  /** The ids of the agents that are there. */
  agents: readonly string[]
}

/**
 * What is said of single people, by E.164, `lid:<digits>` or `bsuid:<id>` and without a prototype; an entry whose key is no
 * possible person is a problem of its own, and any other wrong one an error of the file at its place.
 */
export function readSenders(raw: RawSenders, problems: Problems): Record<string, SenderSettings> {
  const senders: Record<string, SenderSettings> = Object.create(null)
  for (const [key, { agent, name }] of Object.entries(raw.senders)) {
    const path = [...raw.path, key]
    if (agent !== undefined && !raw.agents.includes(agent)) {
      const place = [...path, 'agent']
      const message = `There is no agent "${problems.written(place, agent)}"; there are: ${raw.agents.join(', ')}.`
      problems.error('unknown_agent', place, message)
    }
    const lid = readIdEntry(key)
    const number = lid === null ? normalizePhoneNumber(key) : { ok: true as const, e164: lid }
    if (!number.ok)
      problems.keyEntry(
        number.code,
        path,
        `Not a possible phone number: ${number.message}. This entry names nobody.`,
      )
    else if (senders[number.e164] !== undefined) {
      problems.keyError('duplicate_key', path, 'This person is here already, in another notation.')
    } else senders[number.e164] = { agent: agent ?? null, name: name?.trim() || null }
  }
  return senders
}
