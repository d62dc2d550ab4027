import type { ChatReference } from './chat-reference.ts'
import type { Choices } from './choices.ts'
import type { MessageReference } from './message-reference.ts'
import type { TemplateComponent } from './message-template.ts'

/** A file of ours that goes out. */
export interface OutgoingFile {
  kind: 'image' | 'voice' | 'audio' | 'video' | 'document' | 'sticker'
  /** In our own store. It stays there, as it is, for as long as the message may be asked for again. */
  path: string
  /** In bytes. */
  size: number
  mimeType: string
  /** What people see a document called. */
  name: string
  /** In pixels, of pictures. */
  width?: number | undefined
  height?: number | undefined
  /** Of what can be heard. */
  seconds?: number | undefined
  /** Of a voice message: 64 values from 0 to 100, how loud it is over its time. */
  waveform?: readonly number[] | undefined
  /** Of a video: it plays again and again, without sound. */
  loops?: boolean | undefined
  /** Of a sticker that moves. */
  isAnimated?: boolean | undefined
}

/** Somebody's name and numbers, which can be saved or written to. */
export interface OutgoingContact {
  name: string
  phoneNumbers: readonly string[]
}

/** What one message of ours is. */
export type OutgoingPart =
  | { kind: 'text'; text: string }
  /** `text`: the caption; empty for none. */
  | { kind: 'file'; text: string; file: OutgoingFile }
  | { kind: 'location'; latitude: number; longitude: number; name: string | null; address: string | null }
  | ({ kind: 'contact' } & OutgoingContact)
  /** Two or more. */
  | { kind: 'contacts'; contacts: readonly OutgoingContact[] }
  /** Words, and what can be tapped as an answer. A transport without `Capabilities.choices` shows it as `numberedChoices`. */
  | { kind: 'choices'; text: string; choices: Choices }
  /** `text`: all of it as people see it. Only with `Capabilities.templates`. */
  | {
      kind: 'template'
      name: string
      language: string
      text: string
      components: readonly TemplateComponent[]
    }
  /** Asks a person for their phone number with one tap. Only with `Capabilities.asksForNumber`. */
  | { kind: 'number-request'; text: string }
  | {
      kind: 'poll'
      question: string
      options: readonly string[]
      /** How many of them one person may choose; 0 for any number. */
      choices: number
      /** 32 bytes in base64, from which the keys of the votes are made. */
      secret: string
    }

/** What goes out; the same content gives the same message when it is sent again. */
export type OutgoingContent =
  | {
      kind: 'message'
      part: OutgoingPart
      /** The message that it visibly answers, with its words as they are now. */
      quote?: { message: MessageReference; text: string } | undefined
    }
  | {
      kind: 'reaction'
      /** Empty takes it back. */
      emoji: string
      target: MessageReference
      at: Date
    }
  /** The text of an earlier message of ours is another one now. */
  | { kind: 'edit'; text: string; target: MessageReference; at: Date }
  /** An earlier message of ours is deleted for everyone. */
  | { kind: 'revoke'; target: MessageReference }

export interface OutgoingMessage {
  /** From `newLocalId()`, stored before sending. Whether a second send under it shows twice: `Capabilities.resend`. */
  localId: string
  chat: ChatReference
  /** In a direct chat the E.164 number of whom it is for: it goes to no address of somebody else. */
  person: string | null
  content: OutgoingContent
  /** Asked in the moment in which it leaves, each time. False: nothing leaves, and the outcome is `unconfirmed` with `nothingLeft`. */
  mayLeave?: (() => boolean) | undefined
}
