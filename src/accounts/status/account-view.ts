import type { AccountView } from '../../protocol/account/account.ts'
import type { AssistantView } from '../../protocol/account/assistant.ts'
import type { DaemonError } from '../../protocol/errors.ts'
import { TEXT_LIMITS } from '../../protocol/text/text-limits.ts'
import { cutText } from '../../text/bounded-text.ts'
import { asWritten } from '../../config/as-written.ts'
import type { AccountConfig } from '../../config/model.ts'
import type { Capabilities } from '../../messaging/capabilities.ts'
import type { Link } from '../../transports/link.ts'
import type { Status } from './derive-status.ts'

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()
const isoOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : iso(milliseconds)

/** An account as the control plane shows it. `link` is `null` while the directory is not open. */
export function accountView(input: {
  config: AccountConfig
  status: Status
  since: number
  /** The one in use, or that the config asks for while the directory is not open. */
  transport: AccountView['transport']
  link: Link | null
  linkedSince: number | null
  failedMessages: number | null
  unansweredMessages: number | null
  handedOver: AccountView['handedOver']
  takenOver: number | null
  waiting: number | null
  /** 0 also while the directory is not open. */
  redactions: number
  linkRefusal: DaemonError | null
  assistant: AssistantView | null
}): AccountView {
  const { config, status, link } = input
  const linked = link?.facts.linked ?? false
  const health = status.state === 'connected' || status.state === 'restricted' ? (link?.health ?? null) : null
  return {
    account: config.id,
    name: asWritten(config, 'name', config.name),
    transport: input.transport,
    enabled: config.enabled,
    state: status.state,
    since: iso(input.since),
    reason: status.reason,
    linked,
    phoneNumber: link?.transport.ownNumber ?? null,
    displayName: link?.displayName ?? null,
    linkedSince: linked ? isoOrNull(input.linkedSince) : null,
    attempt: status.attempt,
    nextAttemptAt: isoOrNull(status.nextAttemptAt),
    until: isoOrNull(status.until),
    failedMessages: input.failedMessages,
    unansweredMessages: input.unansweredMessages,
    handedOver: input.handedOver,
    takenOver: input.takenOver,
    waiting: input.waiting,
    ...(input.redactions > 0 && { redactions: input.redactions }),
    linkRefusal: shownRefusal(input.linkRefusal),
    assistant: input.assistant,
    ...(status.state === 'passkey_required' && passkeyState(link)),
    health:
      health === null
        ? null
        : {
            lastFrameAt: isoOrNull(health.lastFrameAt),
            lastProbeAt: isoOrNull(health.lastProbeAt),
            decryptFailures: health.decryptFailures,
            canSend: health.canSend,
          },
    capabilities: link === null ? null : shownCapabilities(link.transport.capabilities),
    business: link?.business?.view ?? null,
  }
}

function shownCapabilities({
  linking,
  groups,
  selfChat,
  reactions,
  revisions,
  receipts,
  typing,
  typingMarksRead,
  isCharged,
  templates,
  choices,
  polls,
  asksForNumber,
  textLimit,
  window,
  media,
}: Capabilities): AccountView['capabilities'] {
  return {
    linking: [...linking],
    groups,
    selfChat,
    reactions,
    revisions,
    receipts,
    typing,
    typingMarksRead,
    isCharged,
    templates,
    choices,
    polls,
    asksForNumber,
    textLimit,
    windowMs: window,
    media: Object.fromEntries(Object.entries(media).map(([kind, { maxBytes }]) => [kind, { maxBytes }])),
  }
}

/** Without what has to be signed: that is an event of its own. */
function passkeyState(link: Link | null): Pick<AccountView, 'passkey'> {
  const ceremony = link?.passkey ?? null
  if (ceremony === null) return {}
  const { options: _options, ...passkey } = ceremony
  return { passkey }
}

/** The message may name many accounts. */
function shownRefusal(refusal: DaemonError | null): AccountView['linkRefusal'] {
  if (refusal === null) return null
  const { code, message, action } = refusal
  return { code, message: cutText(message, TEXT_LIMITS.sentence), action: action ?? null }
}
