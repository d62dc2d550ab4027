/** No device of the recipient, or of anybody else in the group, has keys at WhatsApp: nothing can be encrypted for them. */
export class NoRecipientKeys extends Error {
  constructor() {
    super('no device of the recipient has keys')
  }
}
