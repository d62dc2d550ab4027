import type { AccountView } from '../../protocol/account/account.ts'
import type { AccountState } from '../../protocol/account/account-states.ts'
import type { ReasonCode } from '../../protocol/reasons.ts'
import type { Tone } from '../elements/note.ts'
import type { TemplateResult } from 'lit'
import type { CardContext } from './card-context.ts'
import { renderConnected, renderSpokenReason } from './parts/account-status.ts'
import { renderLinking } from './parts/linking.ts'
import type { CardText } from './text/card-texts.ts'

/** What a button does; `parts/account-actions.ts` draws each. */
export type AccountAction =
  | 'link'
  | 'linkByCode'
  | 'cancelLink'
  | 'reconnect'
  | 'takeOver'
  | 'importLink'
  | 'disconnect'

export type OfferedAction = readonly [action: AccountAction, label: CardText]

/** How the card shows one state of an account. */
export interface ShownState {
  tone: Tone
  /** The badge's word. */
  label: CardText
  /** The buttons, most helpful first. */
  actions: readonly OfferedAction[]
  /** What is seldom needed: in a menu beside the buttons. */
  menu?: readonly OfferedAction[]
  /** Replaces the daemon's reason. */
  status?: (context: CardContext) => TemplateResult
  /** Below the daemon's reason: more about what to do on the phone. */
  help?: CardText
  /** Replaces the buttons. */
  panel?: (context: CardContext) => TemplateResult
  /** Its number can be given to others. */
  isShared?: true
  /** The account's files may hold a link that the daemon cannot read, so disconnecting is offered. */
  mayHideLink?: true
}

const DISCONNECT = ['disconnect', 'Disconnect'] as const
const LINK_BY_CODE = ['linkByCode', 'Link with phone number instead'] as const
const TRY_AGAIN = ['reconnect', 'Try again'] as const
const CHECK_AGAIN = ['reconnect', 'Check again'] as const
const RECONNECT_NOW = ['reconnect', 'Reconnect now'] as const

/**
 * One entry for each state. For a new state of the protocol add an entry here, its words to `text/card-texts.ts` and a scene to
 * `test/browser/states/account-states.ts`. The compiler and `every-state.test.ts` fail without them.
 */
const STATES: Readonly<Record<AccountState, ShownState>> = {
  disabled: { tone: 'idle', label: 'Paused', actions: [DISCONNECT] },
  unlinked: { tone: 'idle', label: 'Not connected', actions: [['link', 'Generate QR code'], LINK_BY_CODE] },
  awaiting_scan: {
    tone: 'busy',
    label: 'Waiting for scan',
    actions: [['cancelLink', 'Cancel']],
    status: renderSpokenReason,
    panel: renderLinking,
  },
  confirming: { tone: 'busy', label: 'Confirming', actions: [] },
  connecting: { tone: 'busy', label: 'Connecting', actions: [RECONNECT_NOW, DISCONNECT] },
  reconnecting: { tone: 'warning', label: 'Reconnecting', actions: [RECONNECT_NOW, DISCONNECT] },
  connected: {
    tone: 'good',
    label: 'Connected',
    actions: [DISCONNECT],
    menu: [['reconnect', 'Reconnect']],
    status: renderConnected,
    isShared: true,
  },
  logged_out: { tone: 'bad', label: 'Logged out', actions: [['link', 'Link again'], LINK_BY_CODE] },
  conflict: { tone: 'bad', label: 'In use elsewhere', actions: [['takeOver', 'Take over here'], DISCONNECT] },
  passkey_required: {
    tone: 'bad',
    label: 'Passkey required',
    actions: [['link', 'Try again'], LINK_BY_CODE],
  },
  banned: { tone: 'bad', label: 'Blocked by WhatsApp', actions: [CHECK_AGAIN, DISCONNECT] },
  restricted: { tone: 'warning', label: 'Restricted', actions: [CHECK_AGAIN, DISCONNECT] },
  outdated: { tone: 'bad', label: 'Outdated', actions: [TRY_AGAIN] },
  untrusted_server: { tone: 'bad', label: 'Server not trusted', actions: [TRY_AGAIN] },
  owner_busy: { tone: 'warning', label: 'Held elsewhere', actions: [TRY_AGAIN] },
  misconfigured: { tone: 'bad', label: 'Misconfigured', actions: [TRY_AGAIN] },
  storage_error: {
    tone: 'bad',
    label: 'Storage problem',
    actions: [TRY_AGAIN, DISCONNECT],
    mayHideLink: true,
  },
  stopped: { tone: 'idle', label: 'Stopped', actions: [] },
}

/** WhatsApp has asked for the passkey, and the link goes on. */
const PASSKEY_LINK: ShownState = {
  tone: 'busy',
  label: 'Passkey required',
  actions: [['cancelLink', 'Cancel']],
  status: renderSpokenReason,
  panel: renderLinking,
}

/** Reasons that change a state's badge, the button that links, or its buttons altogether. */
const CHANGED_BY_REASON: Partial<
  Record<ReasonCode, { label?: CardText; link?: CardText; actions?: readonly OfferedAction[] }>
> = {
  enter_code_to_link: { label: 'Waiting for code' },
  link_expired: { link: 'Refresh QR code' },
  // The field for the PIN is below; to ask again without it helps nobody.
  wrong_pin: { actions: [] },
  import_required: { label: 'Link found', actions: [['importLink', 'Take over this link']] },
}

/** A state of a newer daemon; the daemon's reason explains it. */
const UNKNOWN: ShownState = { tone: 'idle', label: 'Unknown state', actions: [] }

/** How to show `account`. One that is not linked has nothing to disconnect; one that is connected by a token has no code. */
export function shownState(account: AccountView): ShownState {
  const { state, reason, linked, assistant, passkey, capabilities } = account
  const known = Object.hasOwn(STATES, state) ? STATES[state] : UNKNOWN
  const shown = passkey === undefined ? known : PASSKEY_LINK
  const code = reason?.code ?? ''
  const changed = Object.hasOwn(CHANGED_BY_REASON, code) ? CHANGED_BY_REASON[code as ReasonCode] : undefined // just asked
  const isByToken = capabilities?.linking.includes('token')
  const isSilent = state === 'connected' && assistant?.ok === false
  return {
    ...shown,
    ...(isSilent && { tone: 'warning' }),
    label: isSilent ? 'Assistant fails' : (changed?.label ?? shown.label),
    actions: (changed?.actions ?? shown.actions)
      .filter(([action]) =>
        action === 'disconnect' ? linked || shown.mayHideLink : !(isByToken && action.startsWith('link')),
      )
      .map(([action, label]) => [action, action === 'link' ? (changed?.link ?? label) : label]),
  }
}
