/** What the phones of the demo show: the body of the simulator's HTTP interface, read by the page. */

/** What `GET /state` and the `state` event carry. */
export interface SimulatorState {
  phones: PhoneView[]
}

/** One phone as its person sees it. */
export interface PhoneView {
  /** E.164. */
  phoneNumber: string
  name: string
  linkedDevices: CompanionView[]
  /** A client asks to be linked by a code that is to be typed on this phone. */
  asksForCode: boolean
  /** Whether this phone has a passkey, and so demands it to link a client. */
  hasPasskey: boolean
  /** What the phone shows of a link with a passkey that is going on; `null` while there is none. */
  passkeyLink: PasskeyLinkView | null
  chats: ChatView[]
}

interface PasskeyLinkView {
  /** `asked`: continue in the browser; `checking`: the keys are being agreed on; `code`: there is a code to compare. */
  step: 'asked' | 'checking' | 'code'
  /** `XXXX-XXXX`, only in `code`. */
  code: string | null
}

interface CompanionView {
  deviceId: number
  /** What the client calls itself. */
  name: string
  isConnected: boolean
  /** ISO 8601. */
  linkedAt: string
}

/** One chat as the phone shows it. */
export interface ChatView {
  /** E.164 of the other side, the phone's own for "message yourself"; a group's JID. */
  with: string
  name: string
  isTyping: boolean
  /** Oldest first. */
  messages: MessageView[]
}

export interface MessageView {
  id: string
  /** `out`: written on this phone or by a device linked to it. */
  direction: 'in' | 'out'
  /** Who wrote it, in a group; `null` in other chats. */
  author: string | null
  /** As it is now; empty when it was deleted. */
  text: string
  isEdited: boolean
  isDeleted: boolean
  quote: { id: string; text: string } | null
  /** Emoji of the reactions it has now. */
  reactions: string[]
  /** ISO 8601. */
  at: string
  /** Written by a linked device of this phone's account, not on the phone. */
  viaLinkedDevice: boolean
  /** Of outgoing messages; `null` for incoming ones. */
  status: 'sent' | 'delivered' | 'read' | null
}
