import type { AccountState, AccountView } from '../../protocol/account.ts'
import type { CardText } from '../text/card-texts.ts'

export type Tone = 'good' | 'busy' | 'idle' | 'warning' | 'bad'

export type PresentedAction = 'link' | 'linkByCode' | 'cancelLink' | 'reconnect' | 'takeOver' | 'disconnect'

export interface AccountPresentation {
  tone: Tone
  /** The badge's word. */
  label: CardText
  /** What is offered, most helpful first, with the words on the button. */
  actions: readonly (readonly [action: PresentedAction, label: CardText])[]
}

const DISCONNECT = ['disconnect', 'Disconnect'] as const
const LINK_BY_CODE = ['linkByCode', 'Link with phone number instead'] as const
const TRY_AGAIN = ['reconnect', 'Try again'] as const

/** How each state looks and what can be done in it. The sentence comes from the daemon's `reason`. */
const PRESENTATIONS: Record<AccountState, AccountPresentation> = {
  disabled: { tone: 'idle', label: 'Paused', actions: [DISCONNECT] },
  unlinked: { tone: 'idle', label: 'Not connected', actions: [['link', 'Generate QR code'], LINK_BY_CODE] },
  awaiting_scan: { tone: 'busy', label: 'Waiting for scan', actions: [['cancelLink', 'Cancel']] },
  confirming: { tone: 'busy', label: 'Confirming', actions: [] },
  connecting: { tone: 'busy', label: 'Connecting', actions: [['reconnect', 'Reconnect now'], DISCONNECT] },
  reconnecting: {
    tone: 'warning',
    label: 'Reconnecting',
    actions: [['reconnect', 'Reconnect now'], DISCONNECT],
  },
  connected: { tone: 'good', label: 'Connected', actions: [['reconnect', 'Reconnect'], DISCONNECT] },
  logged_out: { tone: 'bad', label: 'Logged out', actions: [['link', 'Link again'], LINK_BY_CODE] },
  conflict: {
    tone: 'bad',
    label: 'In use elsewhere',
    actions: [['takeOver', 'Take over here'], DISCONNECT],
  },
  passkey_required: {
    tone: 'bad',
    label: 'Passkey required',
    actions: [['link', 'Try again'], LINK_BY_CODE],
  },
  banned: { tone: 'bad', label: 'Blocked by WhatsApp', actions: [['reconnect', 'Check again'], DISCONNECT] },
  restricted: { tone: 'warning', label: 'Restricted', actions: [['reconnect', 'Check again'], DISCONNECT] },
  outdated: { tone: 'bad', label: 'Outdated', actions: [TRY_AGAIN] },
  untrusted_server: { tone: 'bad', label: 'Server not trusted', actions: [TRY_AGAIN] },
  owner_busy: { tone: 'warning', label: 'Held elsewhere', actions: [TRY_AGAIN] },
  misconfigured: { tone: 'bad', label: 'Misconfigured', actions: [TRY_AGAIN] },
  storage_error: { tone: 'bad', label: 'Storage problem', actions: [TRY_AGAIN, DISCONNECT] },
  stopped: { tone: 'idle', label: 'Stopped', actions: [] },
}

/** How to show `account`. Not linked means that there is nothing to disconnect. */
export function presentAccount(account: AccountView): AccountPresentation {
  const presentation = PRESENTATIONS[account.state]
  const expired = account.state === 'unlinked' && account.reason?.code === 'link_expired'
  const actions = presentation.actions
    .filter(([action]) => action !== 'disconnect' || account.linked || account.state === 'storage_error')
    .map(([action, label]) => [action, expired && action === 'link' ? 'Refresh QR code' : label] as const)
  const isCode = account.reason?.code === 'enter_code_to_link'
  return { ...presentation, actions, label: isCode ? 'Waiting for code' : presentation.label }
}
