import type { CloudApiConfig } from '../../../config/cloud-api-config.ts'
import type { ConnectionFile } from '../credentials/connection-file.ts'
import type { BusinessFactsStore } from './business-facts.ts'
import type { BusinessLife } from './business-life.ts'

interface DisconnectParts {
  facts: BusinessFactsStore
  file: ConnectionFile
  life: Pick<BusinessLife, 'disconnected'>
}

export interface DisconnectDependencies extends DisconnectParts {
  /** Keys and variables that hold a token still. */
  references: readonly string[]
  provider: CloudApiConfig['provider']
  /** The app gets no webhooks of the account any more; false where they may still come. Has the credentials until it is settled. */
  unsubscribe: () => Promise<boolean>
}

/**
 * Uses the number no longer, and erases what somebody connected it with. It is decided on the disk before WhatsApp is asked, so that no
 * set-up under way subscribes again, and a kill does not undo it. Answers whether no webhooks come any more. Throws `StorageError`.
 */
export async function disconnectBusiness(deps: DisconnectDependencies): Promise<boolean> {
  const { facts, file, life, references, provider, unsubscribe } = deps
  const { isDisconnected, end } = facts.current
  if (isDisconnected) {
    finishDisconnect(deps)
    return end?.reason !== 'business_disconnected_locally'
  }
  const detail = references.length > 0 ? { detail: references.join(', ') } : {}
  life.disconnected({ kind: 'end', reason: 'business_disconnected_locally', ...detail })
  const isUnsubscribed = provider === 'meta' && (await unsubscribe())
  // Somebody connected it again meanwhile.
  if (!facts.current.isDisconnected) return isUnsubscribed
  file.erase()
  if (provider === '360dialog') {
    const sentence = '360dialog still has the address for webhooks: remove it there'
    life.disconnected({
      kind: 'end',
      reason: 'business_disconnected_locally',
      detail: [sentence, ...references].join(', '),
    })
  } else if (isUnsubscribed) {
    const reason = references.length > 0 ? 'business_disconnected' : 'disconnected_by_user'
    life.disconnected({ kind: 'end', reason, ...detail })
  } else life.disconnected({ kind: 'end', reason: 'business_disconnected_locally', ...detail })
  return isUnsubscribed
}

/** Erases what a disconnect that was interrupted has left. Throws `StorageError`. */
export function finishDisconnect({ facts, file, life }: DisconnectParts): void {
  const { isDisconnected, end } = facts.current
  if (!isDisconnected || (file.current === null && !file.isDamaged)) return
  file.erase()
  life.disconnected({
    kind: 'end',
    reason: end?.reason ?? 'business_disconnected_locally',
    ...(end?.detail != null && { detail: end.detail }),
  })
}
