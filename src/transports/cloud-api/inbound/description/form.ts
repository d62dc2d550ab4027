import type { ContentPart } from '../../../../messaging/content.ts'
import { isRecord } from '../../../../protocol/is-record.ts'
import { line, listed, quoted, words } from '../../../../text/description/part-texts.ts'
import { type Fields, textIn } from '../fields.ts'

/** Longer answers are told without their fields. */
const MAX_ANSWER = 20_000
/** Which form it was: nothing that the person wrote. */
const TOKEN = 'flow_token'

/** A form that the person filled in: what they wrote, a line for each field. */
export function describeForm({ name, body, response_json: json }: Fields): (ContentPart | null)[] {
  const answers = Object.entries(answersIn(textIn(json)))
    .filter(([field]) => field !== TOKEN)
    .map(
      ([field, value]) =>
        `${line(field)}: ${line(typeof value === 'string' ? value : JSON.stringify(value))}`,
    )
  return [words(listed(`[form${quoted(textIn(name))}] ${line(textIn(body))}`, answers))]
}

function answersIn(json: string | null): Fields {
  if (json === null || json.length > MAX_ANSWER) return {}
  try {
    const parsed: unknown = JSON.parse(json)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}
