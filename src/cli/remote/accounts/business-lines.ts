import type { AccountView } from '../../../protocol/account/account.ts'
import type { BusinessStep, BusinessView } from '../../../protocol/account/business.ts'
import { wrapWords } from '../../wrap-words.ts'

/** A step as people call it. */
export const STEP_NAMES: Readonly<Record<BusinessStep['step'], string>> = {
  token: 'access token',
  permissions: 'permissions',
  number: 'number',
  register: 'registration',
  subscribe: 'subscription of the app',
  webhook: 'first webhook',
  sync: 'messages of the Business app',
}

/** What `whatsappd status` says of a Business number, in lines of at most 80 columns; none for other accounts. */
export function businessLines({ business }: AccountView): string[] {
  if (business === undefined || business === null) return []
  const facts = [
    numberText(business),
    ...healthTexts(business),
    webhookText(business),
    endText(business),
    business.sourceNote,
  ]
  const lines = facts.flatMap((text) => (text === null ? [] : wrapWords(text, '  ', 4)))
  return [...lines, ...business.steps.flatMap(stepLines)]
}

function numberText({ number, provider, phoneNumberId }: BusinessView): string | null {
  const id = phoneNumberId === null ? '' : ` (id ${phoneNumberId})`
  if (number === null) return phoneNumberId === null ? null : `Business number at ${provider}${id}`
  const facts = [
    number.quality === null ? null : `quality ${number.quality}`,
    number.messagingLimit === null ? null : `limit ${number.messagingLimit}`,
    number.isOnBusinessApp === true ? 'also runs in the Business app' : null,
    number.accountMode === 'SANDBOX' ? 'a sandbox number' : null,
  ].filter((each) => each !== null)
  const name = number.verifiedName === null ? '' : ` "${number.verifiedName}"`
  return `Business number${name}${id}${facts.length === 0 ? '' : `: ${facts.join(', ')}`}`
}

/** Of what may send nothing is said. */
function healthTexts({ health }: BusinessView): string[] {
  return (health?.problems ?? []).map(({ canSend, message, solution }) => {
    const what = canSend === 'BLOCKED' ? 'WhatsApp lets nothing be sent' : 'WhatsApp limits sending'
    return `${what}: ${message}${solution === null ? '' : ` ${solution}`}`
  })
}

function webhookText({ webhook }: BusinessView): string {
  const by = webhook.lastBy == null ? '' : ` by the address of ${webhook.lastBy}`
  const last = webhook.lastAt === null ? 'none yet' : `last ${new Date(webhook.lastAt).toLocaleString()}${by}`
  const refused = webhook.refused === 0 ? '' : `; ${webhook.refused} refused`
  const postponed = webhook.postponed ? `; ${webhook.postponed} could not be taken and come again` : ''
  const foreign = webhook.foreign === 0 ? '' : `; ${webhook.foreign} updates for other numbers`
  return `webhooks at ${webhook.path}: ${last}${refused}${postponed}${foreign}`
}

function endText({ tokenExpiresAt }: BusinessView): string | null {
  return tokenExpiresAt === null
    ? null
    : `the access token ends at ${new Date(tokenExpiresAt).toLocaleString()}`
}

/** Of what is in order nothing is said. */
function stepLines({ step, state, message, action }: BusinessStep): string[] {
  if (state === 'done' || message === null) return []
  const mark = state === 'failed' ? 'failed' : state
  return wrapWords(`${STEP_NAMES[step]}: ${mark}. ${message}${action === null ? '' : ` ${action}`}`, '  ', 4)
}
