import type { proto } from '@whiskeysockets/baileys'

/** WhatsApp puts one envelope into another (disappearing, view once, a document with a caption, a comment). */
const MAX_ENVELOPES = 8
const VIEW_ONCE = /^viewOnce/

export interface UnwrappedMessage {
  body: proto.IMessage
  /** The phone shows it once, and linked devices may not get it. */
  isViewOnce: boolean
  /** From which the keys of votes in it are made; `null` where it has none. */
  secret: Uint8Array | null
  /** To which other message it belongs, and how. */
  association: proto.IMessageAssociation | null
}

/** What is inside of all envelopes of a message; further kinds of envelope too, which Baileys does not know (rc14). */
export function unwrapMessage(message: proto.IMessage): UnwrappedMessage {
  let body = message
  let isViewOnce = false
  let context = message.messageContextInfo
  for (let depth = 0; depth < MAX_ENVELOPES; depth += 1) {
    const envelope = Object.entries(body).find(([, value]) => isEnvelope(value))
    if (envelope === undefined) break
    const [name, value] = envelope as [string, proto.Message.IFutureProofMessage]
    isViewOnce ||= VIEW_ONCE.test(name)
    body = value.message ?? {}
    context = { ...context, ...body.messageContextInfo }
  }
  const { imageMessage, videoMessage, audioMessage } = body
  isViewOnce ||= [imageMessage, videoMessage, audioMessage].some((media) => media?.viewOnce === true)
  const { messageSecret: secret, messageAssociation: association } = context ?? {}
  return { body, isViewOnce, secret: secret?.length ? secret : null, association: association ?? null }
}

function isEnvelope(value: unknown): value is proto.Message.IFutureProofMessage {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'message') &&
    typeof (value as { message: unknown }).message === 'object'
  )
}
