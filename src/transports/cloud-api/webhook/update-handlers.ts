import type { SenderIdentity } from '../../../messaging/identity.ts'
import type { IncomingMessage } from '../../../messaging/incoming-message.ts'
import type { SendFailure } from '../../../messaging/outcome.ts'
import type { Sink } from '../../../messaging/sink.ts'
import { WINDOW_CLOSED } from '../../../messaging/window-closed.ts'
import type { BusinessPeople, SeenPerson } from '../identity/business-people.ts'
import { businessAddress, numberFrom, userIdFrom } from '../identity/business-address.ts'
import { otherSideIn, recipientIn, senderIn } from '../identity/people-in.ts'
import { type Fields, fieldsOf, listOf, textIn, timeIn } from '../inbound/fields.ts'
import { readBusinessContent } from '../inbound/read-content.ts'
import { errorInStatus } from '../statuses/error-in-status.ts'
import { toStatusUpdate } from '../statuses/to-status-update.ts'
import type { ConversationWindows } from '../window/conversation-windows.ts'
import { freeEntryIn } from '../window/free-entry.ts'
import type { BusinessUpdate } from './business-update.ts'

type Of<Kind extends BusinessUpdate['kind']> = Extract<BusinessUpdate, { kind: Kind }>

const CHANGES: ReadonlySet<string> = new Set(['edit', 'revoke'])
/** What was sent longer ago came late: the daemon was away, or could not store it. */
const LIVE_MS = 2 * 60_000

export interface UpdateHandlersDependencies {
  people: BusinessPeople
  sink: Pick<
    Sink,
    | 'received'
    | 'statusChanged'
    | 'sentAt'
    | 'senderResolved'
    | 'heldByApp'
    | 'personMoved'
    | 'past'
    | 'wantsPast'
  >
  windows: Pick<ConversationWindows, 'opened' | 'refused' | 'answered' | 'heldAfter' | 'handedOver'>
  /** The id of the number that the account has; `null` while it is not known. */
  phoneNumberId: () => string | null
  /** What is about the number or its account. `business`: the account of WhatsApp that the envelope names. */
  businessNotice: (field: string, value: unknown, business: string) => void
  /** What was posted to the number that the account has names it so, in E.164. Throws `StorageError`. */
  ownNumberTold: (ownNumber: string) => void
  failureOf: (error: { code: number | null; details: string }) => SendFailure
  /** Meta had taken a message to this address, and refused it a moment ago. Must not throw. */
  refusedLater: (address: string, error: { code: number | null; details: string }) => void
  /** An update of a kind that is not known. */
  unsupported: () => void
  now: () => number
}

/** What each kind of update means. Every method throws `StorageError`, and may be called again for the same update. */
export class UpdateHandlers {
  readonly #deps: UpdateHandlersDependencies

  constructor(deps: UpdateHandlersDependencies) {
    this.#deps = deps
  }

  /** Written when it returns. */
  handle(update: BusinessUpdate): void {
    const { ownNumber, phoneNumberId } = update
    if (ownNumber !== null && phoneNumberId !== undefined && this.#isOfNumber(update))
      this.#deps.ownNumberTold(ownNumber)
    switch (update.kind) {
      case 'message':
        return this.#message(update)
      case 'echo':
        return this.#echo(update)
      case 'status':
        return this.#status(update)
      case 'past':
        return this.#past(update)
      case 'call':
        return this.#call(update)
      case 'handover':
        return this.#handover(update)
      case 'notice':
        return this.#deps.businessNotice(update.field, update.value, update.business)
    }
  }

  #message(update: Of<'message'>): void {
    const { message, contact, isForApp } = update
    const { sink, windows, unsupported } = this.#deps
    // Groups of the API are not served.
    if (textIn(message['group_id']) !== null) return unsupported()
    if (message['type'] === 'system') return this.#system(update)
    const at = this.#timeOf(message)
    const sender = this.#learn(update, senderIn(message, contact), at)
    const id = textIn(message['id'])
    if (sender === null || id === null) return unsupported()
    const chat = { kind: 'direct', address: sender.address } as const
    // What was posted to another number than today's says nothing of this one.
    if (this.#isOfNumber(update)) {
      const isFreeEntry = Object.keys(fieldsOf(message['referral'])).length > 0
      const isHeld = windows.heldAfter(sender.address, { at, isForApp })
      // That a change of an earlier message opens the window, Meta does not say.
      if (!CHANGES.has(textIn(message['type']) ?? ''))
        windows.opened(sender.address, new Date(at), { isFreeEntry, isForApp })
      if (isHeld !== null) sink.heldByApp({ chat, other: sender, isHeld, at: new Date(at) })
    }
    const content = readBusinessContent(message)
    if (content === null || content.kind === 'unsupported') unsupported()
    const forApp = isForApp ? ({ isForApp } as const) : {}
    if (content !== null) sink.received({ chat, id, sender, content, ...forApp, ...this.#arrival(at) })
  }

  #echo(update: Of<'echo'>): void {
    const { message, contact, ownNumber, isForApp = false } = update
    const at = this.#timeOf(message)
    const to = this.#learn(update, recipientIn(message, contact), at)
    // What another app answers are not the owner's words.
    if (isForApp || update.isWithoutWords === true) return
    const id = textIn(message['id'])
    const sender = owner(numberFrom(message['from']) ?? ownNumber)
    const content = readBusinessContent(message)
    if (to === null || id === null || sender === null || content === null) return this.#deps.unsupported()
    const chat = { kind: 'direct', address: to.address } as const
    this.#deps.sink.received({ chat, id, sender, writtenByOwner: { to }, content, ...this.#arrival(at) })
  }

  #status(update: Of<'status'>): void {
    const { status, contact } = update
    const { sink, windows, failureOf, refusedLater, unsupported, now } = this.#deps
    if (status['recipient_type'] === 'group') return unsupported()
    const at = this.#timeOf(status)
    const person = this.#learn(update, recipientIn(status, contact), at)
    if (person?.phoneNumber !== undefined && person.businessId !== undefined) sink.senderResolved(person)
    const changed = toStatusUpdate(status, failureOf)
    if (changed === null) return unsupported()
    const isClosed = changed.status === 'failed' && changed.code === WINDOW_CLOSED.code
    // What happens to a message later, such as that it is delivered, says nothing of what followed it.
    const sentAt = status['status'] === 'sent' ? at : sink.sentAt(changed)
    if (isClosed && person !== null) windows.refused(person.address, Math.min(at, sentAt ?? at))
    const answer = sentAt === null ? null : freeEntryIn(status, Math.min(sentAt, now()))
    if (answer !== null && person !== null && this.#isOfNumber(update))
      windows.answered(person.address, answer)
    sink.statusChanged(changed)
    // What is older says nothing of what Meta takes now.
    const isRefused = changed.status === 'failed' && now() - at <= LIVE_MS
    if (isRefused && person !== null) refusedLater(person.address, errorInStatus(status))
  }

  #past(update: Of<'past'>): void {
    const { message, context, ownNumber } = update
    const { sink } = this.#deps
    if (!sink.wantsPast) return
    const at = timeIn(message['timestamp'])
    const id = textIn(message['id'])
    const other = at === null ? null : this.#learn(update, otherSideIn(context), at)
    if (update.isWithoutWords === true) return
    const own = owner(ownNumber)
    const content = readBusinessContent(message)
    if (at === null || id === null || other === null || content === null) return
    const isOwners = own !== null && numberFrom(message['from']) === own.phoneNumber?.value
    const chat = { kind: 'direct', address: other.address } as const
    const written = isOwners ? { sender: own, writtenByOwner: { to: other } } : { sender: other }
    sink.past([
      { chat, id, ...written, content, mentionsUs: false, sentAt: new Date(at), arrival: 'offline' },
    ])
  }

  /** A call of a person opens the window like a message. */
  #call(update: Of<'call'>): void {
    const { call, contact } = update
    if (call['direction'] === 'BUSINESS_INITIATED') return
    const at = this.#timeOf(call)
    const caller = this.#learn(update, senderIn(call, contact), at)
    if (caller !== null && this.#isOfNumber(update)) this.#deps.windows.opened(caller.address, new Date(at))
  }

  /** Somebody goes by another number or id: who they were is nobody's any more, and who they are is a new person. */
  #system(update: Of<'message'>): void {
    const { message } = update
    const { people, sink, unsupported } = this.#deps
    const system = fieldsOf(message['system'])
    const type = textIn(system['type']) ?? ''
    if (!/^(?:user|customer)_changed_(?:number|user_id)$/.test(type)) return unsupported()
    const at = this.#timeOf(message)
    const formerNumber = numberFrom(message['from'])
    const formerId = userIdFrom(system['previous_user_id']) ?? userIdFrom(message['from_user_id'])
    const number = numberFrom(system['wa_id']) ?? numberFrom(system['new_wa_id'])
    const userId = userIdFrom(system['user_id'])
    const former = businessAddress(formerId === userId ? null : formerId, formerNumber)
    const from = former === null ? null : people.identify(former)
    if (from !== null && formerNumber !== null && number !== formerNumber) people.left(formerNumber)
    const parentId = userIdFrom(system['parent_user_id'])
    // Only the id is another one: what they are called by number is as it was.
    const phoneNumber = number ?? (type.endsWith('user_id') ? formerNumber : null)
    const to = this.#learn(update, { userId, parentId, phoneNumber, displayName: null }, at)
    if (from === null || to === null || from.address === to.address) return
    sink.personMoved({ from, to, chat: { kind: 'direct', address: to.address } })
  }

  /** Which app has each chat now. The field is in no table of Meta's: read as far as it is understood. */
  #handover(update: Of<'handover'>): void {
    const { value } = update
    const { sink, windows, unsupported } = this.#deps
    const listed = [...listOf(value['messaging_handovers']), ...listOf(value['handovers'])]
    const [contact = {}] = listOf(value['contacts'])
    for (const handover of listed.length > 0 ? listed : [value]) {
      const event = textIn(handover['type']) ?? textIn(handover['event']) ?? eventIn(handover)
      const isHeld = heldAfter(event, { ...handover, ...fieldsOf(handover[event]) })
      const at = this.#timeOf(handover)
      const named = senderIn(handover, Object.keys(contact).length > 0 ? contact : handover)
      const other = this.#learn(update, named, at)
      if (isHeld === null || other === null) unsupported()
      else if (this.#isOfNumber(update) && windows.handedOver(other.address, { at, isToApp: isHeld })) {
        const chat = { kind: 'direct', address: other.address } as const
        sink.heldByApp({ chat, other, isHeld, at: new Date(at) })
      }
    }
  }

  /** Whether it was posted to the number that the account has now. */
  #isOfNumber({ phoneNumberId }: BusinessUpdate): boolean {
    const current = this.#deps.phoneNumberId()
    return phoneNumberId === undefined || current === null || phoneNumberId === current
  }

  #learn(
    { business }: BusinessUpdate,
    named: Omit<SeenPerson, 'business' | 'at'>,
    at: number,
  ): SenderIdentity | null {
    // A clock ahead of ours must not make everything after it late.
    return this.#deps.people.learn({ ...named, business, at: Math.min(at, this.#deps.now()) })
  }

  /** WhatsApp's time, or now where it names none. */
  #timeOf(update: Fields): number {
    return timeIn(update['timestamp']) ?? this.#deps.now()
  }

  #arrival(at: number): Pick<IncomingMessage, 'mentionsUs' | 'sentAt' | 'arrival'> {
    const isLive = this.#deps.now() - at <= LIVE_MS
    return { mentionsUs: false, sentAt: new Date(at), arrival: isLive ? 'live' : 'offline' }
  }
}

/** The account itself, as the sender of what its owner writes. */
function owner(phoneNumber: string | null): SenderIdentity | null {
  const address = businessAddress(null, phoneNumber)
  if (address === null || phoneNumber === null) return null
  return {
    address,
    phoneNumber: { value: phoneNumber, proof: 'address' },
    displayName: null,
    conflict: false,
  }
}

function eventIn(handover: Fields): string {
  return ['control_passed', 'control_taken'].find((event) => handover[event] !== undefined) ?? ''
}

/** Whether another app has the chat after this; `null` where that is not said. Control that is passed comes to us, control that is taken leaves us. */
function heldAfter(event: string, handover: Fields): boolean | null {
  const to = textIn(handover['new_owner']) ?? textIn(handover['to'])
  if (event === 'control_taken') return true
  return event === 'control_passed' ? to === 'meta_business_agent' : null
}
