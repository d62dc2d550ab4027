import { equivalentNumber } from '../../access/numbers/equivalent-numbers.ts'
import type { AccountConfig, SenderSettings } from '../../config/model.ts'
import type { RegisteredNumbers } from '../../transports/linked-device/identity/registered-numbers.ts'

/**
 * The config as people are compared with it: beside each number that it names stands the form in which WhatsApp knows the same number,
 * once WhatsApp has said so. The same object while nothing changes.
 */
export function withRegisteredNumbers(
  config: () => AccountConfig,
  registered: Pick<RegisteredNumbers, 'of' | 'version'>,
): () => AccountConfig {
  let written: AccountConfig | null = null
  let version = -1
  let effective: AccountConfig | null = null
  return () => {
    const current = config()
    if (effective === null || written !== current || version !== registered.version) {
      effective = completed(current, registered)
      written = current
      version = registered.version
    }
    return effective
  }
}

function completed(config: AccountConfig, registered: Pick<RegisteredNumbers, 'of'>): AccountConfig {
  const { access, groupAccess, senders } = config
  const unconfirmed = new Set<string>()
  const withForms = (entries: readonly string[]): readonly string[] => {
    const added = entries.flatMap((entry) => {
      const other = equivalentNumber(entry)
      if (other === null) return []
      const registration = registered.of(entry)
      if (!registration.isAsked) unconfirmed.add(other)
      return registration.isAsked && registration.registered === other ? [other] : []
    })
    return added.length === 0 ? entries : [...new Set([...entries, ...added])]
  }
  const allowFrom = withForms(access.allowFrom)
  const groupAllowFrom = groupAccess.groupAllowFrom && withForms(groupAccess.groupAllowFrom)
  return {
    ...config,
    access: { ...access, allowFrom, ...(unconfirmed.size > 0 && { unconfirmed }) },
    groupAccess: { ...groupAccess, groupAllowFrom },
    senders: sendersWithForms(senders, registered),
  }
}

/** What is said of a number holds for the form that WhatsApp knows, unless that one has settings of its own. */
function sendersWithForms(
  senders: AccountConfig['senders'],
  registered: Pick<RegisteredNumbers, 'of'>,
): AccountConfig['senders'] {
  const all: Record<string, SenderSettings> = Object.create(null)
  for (const [number, settings] of Object.entries(senders)) {
    const registration = equivalentNumber(number) === null ? null : registered.of(number)
    if (registration?.isAsked === true && registration.registered !== null)
      all[registration.registered] = settings
  }
  return Object.assign(all, senders)
}
