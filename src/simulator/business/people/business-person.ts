import type { BusinessEnvironment } from '../business-environment.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { Portfolio } from '../management/portfolio.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import { pushStatus } from '../messages/push-status.ts'
import { arrive } from './arrive.ts'
import { PhoneChat, seenIn, type SeenByPerson, type ShownMessage } from './phone-chat.ts'
import { PersonIds } from './person-ids.ts'
import { receiveCall } from './receive-call.ts'
import { receiveMessage, type Riders } from './receive-message.ts'
import { tellChange } from './tell-change.ts'
import { ownMessage } from './own-message.ts'
import { waIdOf } from './wa-id.ts'

/** Texts and captions can be changed for so long. */
const EDIT_WITHIN_MS = 15 * 60_000

export interface FileToSend {
  kind: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker'
  data: Buffer
  mimeType?: string | undefined
  name?: string | undefined
  caption?: string | undefined
}

const MIME_TYPES: Readonly<Record<FileToSend['kind'], string>> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/mpeg',
  voice: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
}

/** Somebody with WhatsApp on a phone, who writes to businesses. Each call is done when it returns; its webhook goes out by itself. */
export class BusinessPerson {
  /** Stays the same whatever changes. */
  readonly key: string
  name: string
  /** E.164. Everybody has one; businesses may not see it. */
  phoneNumber: string
  username: string | null
  readonly #env: BusinessEnvironment
  readonly #ids: PersonIds
  readonly #chats = new Map<BusinessNumber, PhoneChat>()
  readonly #waiting: (() => void)[] = []
  #isOnline = true

  constructor(
    env: BusinessEnvironment,
    o: {
      key: string
      name: string
      phoneNumber: string
      username: string | null
      country: string
      formerUserId?: string | undefined
    },
  ) {
    this.#env = env
    this.key = o.key
    this.name = o.name
    this.phoneNumber = o.phoneNumber
    this.username = o.username
    this.#ids = new PersonIds(env.random, o.country, o.formerUserId ?? null)
  }

  /** Digits, as webhooks name the number. */
  get waId(): string {
    return waIdOf(this.phoneNumber.slice(1))
  }

  /** The business-scoped user id (BSUID). */
  userIdFor(portfolio: Portfolio): string {
    return this.#ids.userIdFor(portfolio)
  }

  /** `null` where the portfolio is not enrolled. */
  parentIdFor(portfolio: Portfolio): string | null {
    return this.#ids.parentIdFor(portfolio)
  }

  get isOnline(): boolean {
    return this.#isOnline
  }

  /** While a phone is away, what is sent to it waits at WhatsApp. */
  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline
    if (isOnline) for (const deliver of this.#waiting.splice(0)) deliver()
  }

  /** Calls `deliver` as soon as the phone can be reached. */
  whenOnline(deliver: () => void): void {
    if (this.#isOnline) deliver()
    else this.#waiting.push(deliver)
  }

  /** What the phone shows of the chat with a business, in full. */
  chatWith(number: BusinessNumber): PhoneChat {
    const chat = this.#chats.get(number) ?? new PhoneChat()
    this.#chats.set(number, chat)
    return chat
  }

  /** The businesses that this phone has a chat with. */
  get chats(): ReadonlyMap<BusinessNumber, PhoneChat> {
    return this.#chats
  }

  /** What the business wrote, by kinds. */
  seen(number: BusinessNumber): SeenByPerson {
    return seenIn(this.chatWith(number), this.#env.now())
  }

  write(number: BusinessNumber, text: string, riders: Riders = {}): StoredMessage {
    return this.#say(number, 'text', { body: text }, riders)
  }

  /** An answer that quotes a message of the business's. */
  reply(number: BusinessNumber, message: { id: string } | string, text: string): StoredMessage {
    return this.write(number, text, { quotes: idOf(message) })
  }

  sendFile(number: BusinessNumber, file: FileToSend, riders: Riders = {}): StoredMessage {
    const mimeType = file.mimeType ?? MIME_TYPES[file.kind]
    const type = file.kind === 'voice' ? 'audio' : file.kind
    const media = this.#env.media.receive(number, { bytes: file.data, mimeType, name: file.name ?? null })
    const content = {
      ...this.#env.media.inWebhook(media),
      ...(file.caption === undefined ? {} : { caption: file.caption }),
      ...(type === 'document' && file.name !== undefined ? { filename: file.name } : {}),
      ...(type === 'audio' ? { voice: file.kind === 'voice' } : {}),
      ...(type === 'sticker' ? { animated: false } : {}),
    }
    const { kind, name = null, caption = '' } = file
    return this.#say(number, type, content, riders, {
      file: { kind, bytes: file.data, mimeType, name, caption },
    })
  }

  sendLocation(
    number: BusinessNumber,
    place: { latitude: number; longitude: number; name?: string; address?: string },
  ): StoredMessage {
    const { latitude, longitude, name = null, address = null } = place
    return this.#say(number, 'location', { ...place }, {}, { place: { latitude, longitude, name, address } })
  }

  sendContacts(number: BusinessNumber, people: { name: string; phoneNumbers: string[] }[]): StoredMessage {
    const contacts = people.map(({ name, phoneNumbers }) => ({
      name: { formatted_name: name, first_name: name },
      phones: phoneNumbers.map((phone) => ({ phone, wa_id: phone.replaceAll(/\D/g, ''), type: 'CELL' })),
      origin: 'other',
      vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\n${phoneNumbers.map((phone) => `TEL:${phone}\n`).join('')}END:VCARD`,
    }))
    return this.#say(number, 'contacts', null, {}, { people, fields: { contacts } })
  }

  /** Taps the button that asks for the number: it is shown to the business from now on. */
  shareNumber(number: BusinessNumber): StoredMessage {
    const phone = { phone: this.phoneNumber, wa_id: this.waId, type: 'CELL' }
    number.account.portfolio.contactBook.add(this.key)
    const contacts = [{ name: { formatted_name: this.name }, phones: [phone], origin: 'contact_request' }]
    const people = [{ name: this.name, phoneNumbers: [this.phoneNumber] }]
    return this.#say(number, 'contacts', null, {}, { people, fields: { contacts } })
  }

  /** An empty `emoji` takes the reaction back. */
  react(number: BusinessNumber, message: { id: string } | string, emoji: string): StoredMessage {
    const id = idOf(message)
    this.chatWith(number).ownReactions.push({ emoji, id })
    return this.#receive(number, 'reaction', { message_id: id, ...(emoji === '' ? {} : { emoji }) })
  }

  /** Throws where the message is older than 15 minutes, or not this person's. */
  edit(number: BusinessNumber, message: { id: string } | string, text: string): StoredMessage {
    const original = this.#own(number, idOf(message))
    if (this.#env.now() - original.at > EDIT_WITHIN_MS)
      throw new Error('WhatsApp lets a message be changed for 15 minutes')
    const shown = this.chatWith(number).find(original.id)
    if (shown !== undefined) Object.assign(shown, { text, isEdited: true })
    const key = original.type === 'text' ? 'body' : 'caption'
    return this.#receive(number, 'edit', {
      original_message_id: original.id,
      message: { type: original.type, [original.type]: { ...original.content, [key]: text } },
    })
  }

  /** Deletes a message for everyone. */
  revoke(number: BusinessNumber, message: { id: string } | string): StoredMessage {
    const original = this.#own(number, idOf(message))
    const shown = this.chatWith(number).find(original.id)
    if (shown !== undefined) Object.assign(shown, { text: '', file: null, isDeleted: true })
    original.isRevoked = true
    return this.#receive(number, 'revoke', { original_message_id: original.id })
  }

  /**
   * Taps a button of a message, or picks a row of a list: by its id or its title. Without `message` of the latest one that has it.
   * Throws where the phone shows nothing of the kind.
   */
  choose(number: BusinessNumber, option: string, message?: { id: string } | string): StoredMessage {
    const id = message === undefined ? null : idOf(message)
    const found = this.chatWith(number)
      .messages.toReversed()
      .filter((each) => id === null || each.id === id)
      .flatMap((each) => each.choices?.options.map((one) => ({ shown: each, one })) ?? [])
      .find(({ one }) => one.id === option || one.title === option)
    if (found === undefined) throw new Error(`the phone shows no choice ${option}`)
    const { shown, one } = found
    const riders = { quotes: shown.id }
    const words = { text: one.title }
    if (shown.type === 'template')
      return this.#say(number, 'button', { payload: one.id, text: one.title }, riders, words)
    const { id: optionId, title, description } = one
    const reply =
      shown.choices?.button === null
        ? { type: 'button_reply', button_reply: { id: optionId, title } }
        : { type: 'list_reply', list_reply: { id: optionId, title, ...(description && { description }) } }
    return this.#say(number, 'interactive', reply, riders, words)
  }

  /** Anything else that WhatsApp has a type for, as it stands in a webhook: `order`, `unsupported`, types of tomorrow. */
  send(
    number: BusinessNumber,
    type: string,
    content: Record<string, unknown> | null,
    fields: Record<string, unknown> = {},
  ): StoredMessage {
    return this.#receive(number, type, content, {}, fields)
  }

  /** What a webhook shows of something that the API cannot carry. */
  sendUnsupported(number: BusinessNumber, type = 'poll_creation', code = 131051): StoredMessage {
    const details = 'Message type is currently not supported.'
    const errors = [{ code, title: 'Message type unknown', message: details, error_data: { details } }]
    return this.#receive(number, 'unsupported', { type }, {}, { errors })
  }

  /** A call to the business, which opens the window. */
  call(number: BusinessNumber): void {
    receiveCall(this.#env, number, this)
  }

  /** Whether the phone shows something of the business that the person has not seen. */
  hasUnread(number: BusinessNumber): boolean {
    return this.chatWith(number).messages.some(({ isOwn, status }) => !isOwn && status !== 'read')
  }

  /** Opens the chat: everything that was delivered is read. */
  read(number: BusinessNumber): void {
    for (const shown of this.chatWith(number).messages) {
      if (shown.isOwn || shown.status === 'read') continue
      shown.status = 'read'
      const stored = number.message(shown.id)
      if (stored !== undefined) arrive.read(this.#env, number, stored)
    }
    this.#env.changed()
  }

  /** Listens to a voice message of the business's. */
  play(number: BusinessNumber, message: { id: string } | string): void {
    const stored = number.message(idOf(message))
    if (stored !== undefined) pushStatus(this.#env, { number, message: stored, status: 'played' })
  }

  /** Takes another number: a new user id, and a `system` message to every business. */
  changeNumber(phoneNumber: string): void {
    tellChange(this.#env, this, {
      type: 'user_changed_number',
      change: () => {
        this.#ids.renew()
        this.phoneNumber = phoneNumber
      },
    })
  }

  /** Gets another user id, as after WhatsApp was set up anew. */
  changeUserId(): void {
    tellChange(this.#env, this, { type: 'user_changed_user_id', change: () => this.#ids.renew() })
  }

  #own(number: BusinessNumber, id: string): StoredMessage {
    const message = number.message(id)
    if (message?.direction !== 'in' || message.person !== this)
      throw new Error(`${this.name} has not written ${id}`)
    return message
  }

  /** What the phone itself shows in the chat. */
  #say(
    number: BusinessNumber,
    type: string,
    content: Record<string, unknown> | null,
    riders: Riders,
    shown: Partial<ShownMessage> & { fields?: Record<string, unknown> } = {},
  ): StoredMessage {
    const { fields = {}, ...rest } = shown
    const message = this.#receive(number, type, content, riders, fields)
    const text = typeof content?.['body'] === 'string' ? content['body'] : ''
    this.chatWith(number).show({ ...ownMessage(message), text, ...rest })
    this.#env.changed()
    return message
  }

  #receive(
    number: BusinessNumber,
    type: string,
    content: Record<string, unknown> | null,
    riders: Riders = {},
    fields: Record<string, unknown> = {},
  ): StoredMessage {
    this.chatWith(number)
    return receiveMessage(this.#env, { number, person: this, type, content, riders, fields })
  }
}

function idOf(message: { id: string } | string): string {
  return typeof message === 'string' ? message : message.id
}
