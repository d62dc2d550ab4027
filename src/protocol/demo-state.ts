/** What the phones of the demo show: the body of the simulator's HTTP interface, read by the page. */

/** What `GET /state` and the `state` event carry. */
export interface SimulatorState {
  /** The first is the owner's. */
  phones: PhoneView[]
  /** The business number of a demo of WhatsApp Business; its owner's phone is the one with the Business app. */
  business: BusinessView | null
}

interface BusinessView {
  /** E.164. */
  phoneNumber: string
  /** How far its clock is ahead of this machine's, in milliseconds. */
  aheadMs: number
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

/** A file as the phone shows it. */
export interface MediaView {
  kind: 'image' | 'video' | 'gif' | 'video-note' | 'voice' | 'audio' | 'document' | 'sticker'
  name: string | null
  mimeType: string
  /** In bytes. */
  size: number
  /** How long it lasts. */
  seconds: number | null
  /** Where the page finds it, from the simulator's address; `null` where the phone cannot open it or has no room for it. */
  path: string | null
  /** Why it cannot be opened. */
  problem: string | null
}

/** What a message holds besides words and files. */
export type CardView =
  | {
      kind: 'place'
      latitude: number
      longitude: number
      name: string | null
      address: string | null
      isLive: boolean
    }
  | { kind: 'contacts'; people: { name: string; phoneNumbers: string[] }[] }
  | {
      kind: 'poll'
      question: string
      /** How many options one person may choose; 0 for any number. */
      choices: number
      options: { text: string; votes: number; isChosen: boolean }[]
    }
  /** Buttons, or the rows of a list that opens behind `button`. */
  | {
      kind: 'choices'
      button: string | null
      options: { id: string; title: string; description: string | null }[]
    }
  /** A button that tells the business the person's number. */
  | { kind: 'number-request' }
  /** Something of which the phone shows words only. */
  | { kind: 'words'; text: string }

export interface MessageView {
  id: string
  /** `out`: written on this phone or by a device linked to it. */
  direction: 'in' | 'out'
  /** Who wrote it, in a group; `null` in other chats. */
  author: string | null
  /** As it is now; empty when it was deleted. */
  text: string
  media: MediaView | null
  card: CardView | null
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
