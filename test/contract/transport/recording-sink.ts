import type { IncomingMessage } from '../../../src/messaging/incoming-message.ts'
import type { MessageStatusUpdate } from '../../../src/messaging/outcome.ts'
import type { OutgoingContent } from '../../../src/messaging/outgoing-message.ts'
import type { IntakeVerdict, Sink } from '../../../src/messaging/sink.ts'
import { inTime } from '../../support/in-time.ts'

/** Takes in everything, and remembers what it was told. */
export class RecordingSink implements Sink {
  readonly messages: IncomingMessage[] = []
  readonly statuses: MessageStatusUpdate[] = []
  readonly #waiting: {
    matches: (message: IncomingMessage) => boolean
    found: (m: IncomingMessage) => void
  }[] = []
  #becameReady: () => void = () => {}
  /** `ready` is true for the first time. */
  readonly ready = new Promise<void>((resolve) => {
    this.#becameReady = resolve
  })

  received(message: IncomingMessage): IntakeVerdict {
    this.messages.push(message)
    for (const { matches, found } of this.#waiting) if (matches(message)) found(message)
    return 'inboxed'
  }

  /** The first message that matches, taken in already or later. */
  message(matches: (message: IncomingMessage) => boolean): Promise<IncomingMessage> {
    const known = this.messages.find(matches)
    if (known !== undefined) return Promise.resolve(known)
    return inTime('a message', new Promise((found) => this.#waiting.push({ matches, found })))
  }

  statusChanged(update: MessageStatusUpdate): void {
    this.statuses.push(update)
  }

  sentAt(): number | null {
    return null
  }

  readonly wantsPast: boolean = false

  linked(): void {}

  past(): void {}

  readByOwner(): void {}

  groupNamed(): void {}

  personChanged(): void {}

  readyChanged(ready: boolean): void {
    if (ready) this.#becameReady()
  }

  keepsOwnerWords(): boolean {
    return false
  }

  heldByApp(): void {}

  numberChanged(): void {}
  personMoved(): void {}
  windowChanged(): void {}

  senderResolved(): void {}

  numbersLearned(): void {}

  sentContent(): OutgoingContent | null {
    return null
  }
}
