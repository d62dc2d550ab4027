import type { PhoneInbox } from './phone-inbox.ts'
import type { RecordedFailure, RecordedMessage, RecordedReceipt, RecordedTyping } from './records.ts'

/** What a phone received, and ways to wait for it. Every wait includes what has arrived already, and rejects after a time. */
export abstract class PhoneMemory {
  /** E.164. */
  abstract readonly phoneNumber: string
  protected abstract readonly inbox: PhoneInbox

  /** What the phone shows: every message once, in order. */
  get received(): readonly RecordedMessage[] {
    return this.inbox.received.items
  }

  /** Messages whose sender and id had been seen before. */
  get duplicates(): readonly RecordedMessage[] {
    return this.inbox.duplicates.items
  }

  get receipts(): readonly RecordedReceipt[] {
    return this.inbox.receipts.items
  }

  get typing(): readonly RecordedTyping[] {
    return this.inbox.typing.items
  }

  get undecryptable(): readonly RecordedFailure[] {
    return this.inbox.undecryptable.items
  }

  /** The first message that matches, received already or within `timeoutMs`. */
  waitForText(
    match: string | RegExp | ((message: RecordedMessage) => boolean),
    timeoutMs?: number,
  ): Promise<RecordedMessage> {
    const matches = (message: RecordedMessage): boolean => {
      if (typeof match === 'function') return match(message)
      return typeof match === 'string' ? message.text === match : match.test(message.text)
    }
    return this.inbox.received.waitFor(matches, `message ${String(match)} at ${this.phoneNumber}`, timeoutMs)
  }

  waitForReceipt(match: (receipt: RecordedReceipt) => boolean, timeoutMs?: number): Promise<RecordedReceipt> {
    return this.inbox.receipts.waitFor(match, `receipt at ${this.phoneNumber}`, timeoutMs)
  }

  waitForTyping(match: (typing: RecordedTyping) => boolean, timeoutMs?: number): Promise<RecordedTyping> {
    return this.inbox.typing.waitFor(match, `typing at ${this.phoneNumber}`, timeoutMs)
  }

  waitForDuplicate(
    match: (message: RecordedMessage) => boolean,
    timeoutMs?: number,
  ): Promise<RecordedMessage> {
    return this.inbox.duplicates.waitFor(match, `duplicate at ${this.phoneNumber}`, timeoutMs)
  }

  waitForFailure(match: (failure: RecordedFailure) => boolean, timeoutMs?: number): Promise<RecordedFailure> {
    return this.inbox.undecryptable.waitFor(match, `undecryptable at ${this.phoneNumber}`, timeoutMs)
  }
}
