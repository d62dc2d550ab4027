import type { AccountView } from '../../protocol/account.ts'
import type { DaemonError } from '../../protocol/errors.ts'
import { TEXT_LIMITS } from '../../protocol/text-limits.ts'
import { cutText } from '../../text/bounded-text.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { LinkedDevice } from '../../transports/linked-device/linked-device.ts'
import type { LinkState } from '../../transports/linked-device/life/link-machine.ts'
import type { LinkFacts, Status } from './derive-status.ts'

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()
const isoOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : iso(milliseconds)

/** The link machine's state as facts for the status. */
export function linkFacts(state: LinkState): LinkFacts {
  const { phase, linked, reason, request, offered, wasOpen, failures, attemptAt, until } = state
  return {
    phase,
    linked,
    reason,
    method: request?.method ?? null,
    offered,
    wasOpen,
    failures,
    attemptAt,
    until,
  }
}

/** An account as the control plane shows it. `device` is `null` while the directory is not open. */
export function accountView(input: {
  config: AccountConfig
  status: Status
  since: number
  device: LinkedDevice | null
  linkedSince: number | null
  failedMessages: number | null
  linkRefusal: DaemonError | null
}): AccountView {
  const { config, status, device } = input
  const linked = device?.linked ?? false
  const health =
    status.state === 'connected' || status.state === 'restricted' ? (device?.health ?? null) : null
  return {
    account: config.id,
    name: config.name,
    transport: config.transport,
    enabled: config.enabled,
    state: status.state,
    since: iso(input.since),
    reason: status.reason,
    linked,
    phoneNumber: device?.ownNumber ?? null,
    displayName: device?.displayName ?? null,
    linkedSince: linked ? isoOrNull(input.linkedSince) : null,
    attempt: status.attempt,
    nextAttemptAt: isoOrNull(status.nextAttemptAt),
    until: isoOrNull(status.until),
    failedMessages: input.failedMessages,
    linkRefusal: shownRefusal(input.linkRefusal),
    health:
      health === null
        ? null
        : {
            lastFrameAt: isoOrNull(health.lastFrameAt),
            lastProbeAt: isoOrNull(health.lastProbeAt),
            decryptFailures: health.decryptFailures,
            canSend: health.canSend,
          },
  }
}

/** The message may name many accounts. */
function shownRefusal(refusal: DaemonError | null): AccountView['linkRefusal'] {
  if (refusal === null) return null
  const { code, message, action } = refusal
  return { code, message: cutText(message, TEXT_LIMITS.sentence), action: action ?? null }
}
