import type { BusinessEnvironment } from '../business-environment.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { StoredMessage } from '../messages/stored-message.ts'
import { newMessageId } from '../new-id.ts'
import type { BusinessPerson } from './business-person.ts'
import { ownMessage } from './own-message.ts'
import { contactOf, namedBy } from './person-identity.ts'
import { metadataOf, seconds } from './receive-message.ts'

/** The owner's phone with the WhatsApp Business app, on a number that is also on the Cloud API. What is written there comes as an echo. */
export class BusinessApp {
  readonly #env: BusinessEnvironment
  readonly #number: BusinessNumber

  constructor(env: BusinessEnvironment, number: BusinessNumber) {
    this.#env = env
    this.#number = number
  }

  /** Opens no window, and costs nothing. Throws where the number is not in the app. */
  write(person: BusinessPerson, text: string): StoredMessage {
    const message = this.#store(person, 'text', { body: text })
    person.chatWith(this.#number).show({
      ...ownMessage(message),
      isOwn: false,
      byOwner: true,
      text,
      status: 'delivered',
    })
    this.#echo(person, { ...this.#named(person), id: message.id, type: 'text', text: { body: text } })
    return message
  }

  edit(message: StoredMessage, text: string): void {
    const { person, id } = message
    const shown = person.chatWith(this.#number).find(id)
    if (shown !== undefined) Object.assign(shown, { text, isEdited: true })
    this.#change(person, 'edit', { original_message_id: id, message: { type: 'text', text: { body: text } } })
  }

  revoke(message: StoredMessage): void {
    const { person, id } = message
    const shown = person.chatWith(this.#number).find(id)
    if (shown !== undefined) Object.assign(shown, { text: '', isDeleted: true })
    this.#change(person, 'revoke', { original_message_id: id })
  }

  #change(person: BusinessPerson, type: string, content: Record<string, unknown>): void {
    const { id } = this.#store(person, type, content)
    this.#echo(person, { ...this.#named(person), id, type, [type]: content })
  }

  #store(person: BusinessPerson, type: string, content: Record<string, unknown>): StoredMessage {
    if (!this.#number.state.isOnBusinessApp)
      throw new Error(`${this.#number.phoneNumber} is not in the WhatsApp Business app`)
    const message: StoredMessage = {
      id: newMessageId(this.#env.random),
      direction: 'echo',
      person,
      type,
      content,
      at: this.#env.now(),
      quotedId: null,
      status: 'delivered',
      failedWith: null,
      callbackData: null,
      isRead: false,
      isRevoked: false,
      byNumber: true,
      category: null,
    }
    this.#number.keep(message)
    return message
  }

  #named(person: BusinessPerson): object {
    return {
      from: this.#number.digits,
      ...namedBy(
        { number: 'to', userId: 'to_user_id', parentId: 'to_parent_user_id' },
        { number: this.#number, person, circumstances: this.#env },
      ),
      timestamp: seconds(this.#env.now()),
    }
  }

  #echo(person: BusinessPerson, echo: object): void {
    const number = this.#number
    this.#env.webhooks.push({
      account: number.account,
      number,
      field: 'smb_message_echoes',
      value: {
        ...metadataOf(number),
        contacts: [contactOf(number, person, { ...this.#env, showsUsername: true })],
        message_echoes: [echo],
      },
    })
    this.#env.changed()
  }
}
