/** WhatsApp lists no device for the recipient: nobody is at this address, such as at the former LID of somebody who began anew. */
export class NoRecipientDevice extends Error {
  constructor() {
    super('the recipient has no device that could be found')
  }
}
