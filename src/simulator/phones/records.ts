import type { proto } from '@whiskeysockets/baileys'
import type { Card } from './cards/card.ts'
import type { MediaKind } from './media/media-kinds.ts'
import type { AddressingMode } from '../server/account.ts'
import type { Stanza } from '../wire/stanza.ts'

/** A file as a simulated phone shows it. */
export interface ShownMedia {
  kind: MediaKind
  /** As the message says; empty where it does not. */
  mimeType: string
  /** In bytes, as the message says. */
  size: number
  name: string | null
  /** How long it lasts. */
  seconds: number | null
  /** SHA-256 of the opened file, in hex, by which the phone has it; `null` where it cannot be opened. */
  sha256: string | null
  /** Why it cannot be opened; `null` where it can. */
  problem: string | null
}

/** A message as a simulated phone shows it. */
export interface RecordedMessage {
  id: string
  /** E.164 of its author. */
  from: string
  /** 0 for a phone, otherwise the number of the linked device that sent it. */
  fromDevice: number
  /** The chat: E.164 of the other side, the phone's own for "message yourself"; a group's JID. */
  chat: string
  /** How the chat names people. */
  mode: AddressingMode
  /** Its words, or the caption of its file. Empty for a reaction, an edit and everything that has no text. */
  text: string
  /** The file that came with it. */
  media: ShownMedia | undefined
  /** A place, contacts, a poll, … */
  card: Card | undefined
  /** Somebody's choice in a poll, in place of their earlier one; `options` is `null` where the phone cannot read it. */
  vote: { pollId: string; options: string[] | null } | undefined
  quote: { id: string; text: string } | undefined
  /** `emoji` is empty when a reaction is taken back. */
  reaction: { id: string; emoji: string } | undefined
  /** The new text of an earlier message. */
  edit: { id: string; text: string } | undefined
  /** An earlier message that is to be deleted; `isOwn`: the sender claims to be its author. */
  revoke: { id: string; isOwn: boolean } | undefined
  /** JIDs of the people whom the text mentions. */
  mentioned: string[]
  /** After so many seconds the phone deletes it; 0: it stays. */
  disappearsAfter: number
  /** The timer that it sets for its chat, in seconds. */
  timer: number | undefined
  /** Sent by the phone's own linked device or, on its own devices, by the phone itself. */
  viaOwnAccount: boolean
  message: proto.IMessage
  /** The stanza as it arrived. */
  stanza: Stanza
  /** Milliseconds since the epoch. */
  at: number
  /** Counts everything that this phone got, from 0. */
  order: number
  /** `order` of the first message with the same sender and id. */
  duplicateOf: number | undefined
}

/** A message that a simulated phone sent. */
export interface SentMessage {
  id: string
  /** E.164 of the other side; a group's JID. */
  chat: string
  mode: AddressingMode
  /** As written; empty for what has no text. */
  text: string
  /** What was chosen in a poll. */
  vote: { pollId: string; options: string[] } | undefined
  message: proto.IMessage
  at: number
}

/** A receipt for a message that a simulated phone sent. */
export interface RecordedReceipt {
  /** `delivery` where the stanza names no type; else its type: `inactive`, `read`, `retry`, `sender`, … */
  type: string
  messageId: string
  /** E.164 of its sender. */
  from: string
  fromDevice: number
  stanza: Stanza
  at: number
  order: number
}

export interface RecordedTyping {
  from: string
  /** The chat: E.164 of the person who types; a group's JID. */
  chat: string
  /** `composing` or `paused`, as on the wire. */
  state: string
  isTyping: boolean
  at: number
  order: number
}

/** A message that a simulated phone could not read. */
export interface RecordedFailure {
  messageId: string
  from: string
  fromDevice: number
  reason: string
  stanza: Stanza
  at: number
  order: number
}
