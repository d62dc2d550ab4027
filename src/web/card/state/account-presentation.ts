import type { AccountView } from '../../../protocol/account.ts'
import type { AccountState } from '../../../protocol/account-states.ts'
import type { Tone } from '../../elements/note.ts'
import type { CardText } from '../text/card-texts.ts'

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
const CHECK_AGAIN = ['reconnect', 'Check again'] as const
const RECONNECT_NOW = ['reconnect', 'Reconnect now'] as const

/** How each state looks and what can be done in it. The sentence comes from the daemon's `reason`. */
const PRESENTATIONS: Record<
  AccountState,
  readonly [tone: Tone, label: CardText, ...actions: AccountPresentation['actions']]
> = {
  disabled: ['idle', 'Paused', DISCONNECT],
  unlinked: ['idle', 'Not connected', ['link', 'Generate QR code'], LINK_BY_CODE],
  awaiting_scan: ['busy', 'Waiting for scan', ['cancelLink', 'Cancel']],
  confirming: ['busy', 'Confirming'],
  connecting: ['busy', 'Connecting', RECONNECT_NOW, DISCONNECT],
  reconnecting: ['warning', 'Reconnecting', RECONNECT_NOW, DISCONNECT],
  connected: ['good', 'Connected', ['reconnect', 'Reconnect'], DISCONNECT],
  logged_out: ['bad', 'Logged out', ['link', 'Link again'], LINK_BY_CODE],
  conflict: ['bad', 'In use elsewhere', ['takeOver', 'Take over here'], DISCONNECT],
  passkey_required: ['bad', 'Passkey required', ['link', 'Try again'], LINK_BY_CODE],
  banned: ['bad', 'Blocked by WhatsApp', CHECK_AGAIN, DISCONNECT],
  restricted: ['warning', 'Restricted', CHECK_AGAIN, DISCONNECT],
  outdated: ['bad', 'Outdated', TRY_AGAIN],
  untrusted_server: ['bad', 'Server not trusted', TRY_AGAIN],
  owner_busy: ['warning', 'Held elsewhere', TRY_AGAIN],
  misconfigured: ['bad', 'Misconfigured', TRY_AGAIN],
  storage_error: ['bad', 'Storage problem', TRY_AGAIN, DISCONNECT],
  stopped: ['idle', 'Stopped'],
}

/** How to show `account`. Not linked means that there is nothing to disconnect. */
export function presentAccount(account: AccountView): AccountPresentation {
  const { state, linked } = account
  const code = account.reason?.code
  const [tone, label, ...actions] = PRESENTATIONS[state]
  return {
    tone,
    label: code === 'enter_code_to_link' ? 'Waiting for code' : label,
    actions: actions
      .filter(([action]) => action !== 'disconnect' || linked || state === 'storage_error')
      .map(([action, words]) => [
        action,
        code === 'link_expired' && action === 'link' ? 'Refresh QR code' : words,
      ]),
  }
}
