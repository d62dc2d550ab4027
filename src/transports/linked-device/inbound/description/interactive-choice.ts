import type { proto } from '@whiskeysockets/baileys'
import type { ContentPart } from '../../../../messaging/content.ts'
import { isRecord } from '../../../../protocol/is-record.ts'
import { describeChoice } from '../../../../text/description/choice.ts'

/** Longer parameters are those of no button. */
const MAX_PARAMETERS = 10_000

/** The answer to buttons of the newer kind, whose id is in JSON: `{"id": "…"}` of a quick reply, and of a list. */
export function describeInteractiveChoice({
  body,
  nativeFlowResponseMessage,
}: proto.Message.IInteractiveResponseMessage): (ContentPart | null)[] {
  return describeChoice(idIn(nativeFlowResponseMessage?.paramsJson), body?.text)
}

function idIn(json: string | null | undefined): string | null {
  if (!json || json.length > MAX_PARAMETERS) return null
  try {
    const parameters: unknown = JSON.parse(json)
    const { id } = isRecord(parameters) ? parameters : {}
    return typeof id === 'string' ? id : null
  } catch {
    return null
  }
}
