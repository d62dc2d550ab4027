import type { AccountState } from '../../protocol/account/account-states.ts'
import type { PasskeyStep } from '../../protocol/account/passkey.ts'
import { type Reason, type ReasonCode, reason } from '../../protocol/reasons.ts'

import type { LinkFacts } from '../../transports/link.ts'
import { cleanLine } from '../../text/bounded-text.ts'

/** Room for a path. */
const MAX_DETAIL_LENGTH = 600

export interface AccountFacts {
  stopping: boolean
  enabled: boolean
  /** Something below the link is broken: the disk, the lock, the directory. */
  obstacle: { code: ReasonCode; detail: string } | null
  /** Why the access policy allows no person; `null` where it allows somebody. */
  nobodyAllowed: 'nobody_allowed' | 'direct_messages_disabled' | null
  /** Whether the limit of accounts has a place for this one. */
  mayLink: boolean
  link: LinkFacts
  /** Set while WhatsApp forbids writing to new people. `until`: milliseconds since the epoch, where it names an end. */
  reachoutLock: { until: number | null } | null
  /** WhatsApp wants the owner to prove who they are, and may remove the link otherwise. */
  identityAsked: boolean
  /** Since when the phone has shown no sign of life, though there was something to confirm. */
  phoneAwaySince: number | null
  /** An allowed number, E.164, that belongs to another account now. */
  changedNumber: string | null
  /** What a person should know though everything works; more pressing than a phone that is away. */
  caution: Caution | null
}

export interface Caution {
  code: ReasonCode
  /** Such as a path. */
  detail?: string | undefined
}

export interface Status {
  state: AccountState
  reason: Reason | null
  attempt: number | null
  nextAttemptAt: number | null
  until: number | null
}

const STATE_OF_OBSTACLE: Partial<Record<ReasonCode, AccountState>> = {
  owner_busy: 'owner_busy',
  lock_unreachable: 'owner_busy',
  lock_server_required: 'owner_busy',
  /** The lock server has not answered yet. */
  starting: 'connecting',
  import_required: 'misconfigured',
  config_invalid: 'misconfigured',
}

/** The state of a link that waits for a person. Every reason that is not here means `unlinked`. */
const STATE_OF_END: Partial<Record<ReasonCode, AccountState>> = {
  device_removed: 'logged_out',
  logged_out: 'logged_out',
  connection_replaced: 'conflict',
  copy_detected: 'conflict',
  passkey_required: 'passkey_required',
  passkey_timed_out: 'passkey_required',
  passkey_refused: 'passkey_required',
  passkey_phone_silent: 'passkey_required',
  passkey_not_confirmed: 'passkey_required',
  passkey_code_differs: 'passkey_required',
  passkey_interrupted: 'passkey_required',
  passkey_failed: 'passkey_required',
  passkey_unsupported: 'passkey_required',
  account_banned: 'banned',
  account_locked: 'banned',
  temporarily_banned: 'restricted',
  client_outdated: 'outdated',
  certificate_invalid: 'untrusted_server',
  clock_wrong: 'untrusted_server',
  client_rejected: 'misconfigured',
  config_invalid: 'misconfigured',
  business_incomplete: 'misconfigured',
  business_not_connected: 'unlinked',
  business_disconnected: 'unlinked',
  business_disconnected_locally: 'unlinked',
  number_not_found: 'misconfigured',
  number_ambiguous: 'misconfigured',
  number_not_registered: 'misconfigured',
  number_elsewhere: 'misconfigured',
  number_in_phone_app: 'misconfigured',
  number_unverified: 'misconfigured',
  number_unusable: 'misconfigured',
  wrong_pin: 'misconfigured',
  register_later: 'misconfigured',
  register_failed: 'misconfigured',
  business_refused: 'misconfigured',
  access_token_expired: 'logged_out',
  access_token_revoked: 'logged_out',
  access_token_permission: 'logged_out',
  business_access_removed: 'logged_out',
  business_offboarded: 'reconnecting',
  business_restricted: 'restricted',
  business_banned: 'banned',
}

/** What is not shown as `connected`, though the connection works. */
const CAUTION_STATES: Partial<Record<ReasonCode, AccountState>> = { business_restricted: 'restricted' }

const REASON_OF_STEP: Readonly<Record<PasskeyStep, ReasonCode>> = {
  challenge: 'passkey_required',
  sent: 'passkey_sent',
  code: 'passkey_code',
  confirming: 'confirming_link',
}

/** What people see, computed from facts: no code assigns a status. */
export function deriveStatus(facts: AccountFacts): Status {
  const { link, obstacle } = facts
  const status = (state: AccountState, code: ReasonCode | null, detail?: string): Status => ({
    state,
    // It may tell what another process wrote.
    reason:
      code === null
        ? null
        : reason(code, detail === undefined ? undefined : cleanLine(detail, MAX_DETAIL_LENGTH)),
    attempt: null,
    nextAttemptAt: null,
    until: null,
  })
  if (facts.stopping) return status('stopped', 'shutting_down')
  if (obstacle !== null) {
    const { code, detail } = obstacle
    return status(STATE_OF_OBSTACLE[code] ?? 'storage_error', code, detail === '' ? undefined : detail)
  }
  if (!facts.enabled) return status('disabled', 'disabled_by_config')
  switch (link.phase) {
    case 'open':
      return facts.reachoutLock === null
        ? connected(facts, status)
        : { ...status('restricted', 'reachout_locked'), until: facts.reachoutLock.until }
    case 'confirming':
      return status('confirming', 'confirming_link')
    case 'linking':
      if (link.passkey !== null) return status('passkey_required', REASON_OF_STEP[link.passkey])
      if (!link.offered) return status('connecting', 'starting')
      return status('awaiting_scan', link.request?.method === 'code' ? 'enter_code_to_link' : 'scan_to_link')
    case 'connecting':
      return {
        ...status(link.wasOpen ? 'reconnecting' : 'connecting', link.reason ?? 'starting'),
        attempt: link.failures,
      }
    case 'waiting':
      return {
        ...status(waitingState(link), link.reason ?? 'connection_lost', link.detail),
        attempt: link.failures,
        nextAttemptAt: link.attemptAt,
      }
    case 'idle':
    case 'ended':
      return { ...atRest(facts, status), nextAttemptAt: link.attemptAt, until: link.until }
  }
}

function waitingState({ linked, reason: code }: LinkFacts): AccountState {
  if (!linked) return 'unlinked'
  // Before its first connection, where the start is spread.
  return code === 'starting' ? 'connecting' : 'reconnecting'
}

/** Works, and still has something to say: a phone that stays away takes the link with it. */
function connected(
  { identityAsked, phoneAwaySince, caution, changedNumber }: AccountFacts,
  status: (state: AccountState, code: ReasonCode | null, detail?: string) => Status,
): Status {
  if (identityAsked) return status('connected', 'identity_check')
  if (caution !== null)
    return status(CAUTION_STATES[caution.code] ?? 'connected', caution.code, caution.detail)
  if (changedNumber !== null) return status('connected', 'person_changed', changedNumber)
  if (phoneAwaySince === null) return status('connected', null)
  return status(
    'connected',
    'phone_away',
    `last seen on ${new Date(phoneAwaySince).toISOString().slice(0, 10)}`,
  )
}

function atRest(
  facts: AccountFacts,
  status: (state: AccountState, code: ReasonCode, detail?: string) => Status,
): Status {
  const { link } = facts
  const ended = link.reason === null ? undefined : STATE_OF_END[link.reason]
  if (ended !== undefined && link.reason !== null) return status(ended, link.reason, link.detail)
  if (link.linked) return status('connecting', 'starting')
  if (!facts.mayLink) return status('unlinked', 'too_many_accounts')
  if (facts.nobodyAllowed !== null) return status('unlinked', facts.nobodyAllowed)
  return status('unlinked', link.reason ?? 'not_linked')
}
