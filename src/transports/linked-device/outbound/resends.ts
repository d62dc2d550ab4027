import {
  areJidsSameUser,
  type BinaryNode,
  type Contact,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  isJidGroup,
  jidDecode,
  jidEncode,
  jidNormalizedUser,
  type WAMessageContent,
  type WAMessageKey,
  type WASocket,
} from '@whiskeysockets/baileys'
import type { DirectRoutes } from './direct-routes.ts'

export interface ResendsDependencies {
  /** The linked account; its own devices are answered by Baileys. */
  me: () => Contact | undefined
  routes: Pick<DirectRoutes, 'preferred' | 'isChanged'>
  relay: WASocket['relayMessage']
}

/** A retry receipt of a person, while Baileys handles it. */
interface Request {
  /** The JID of the device that asks. */
  asker: string
  ids: ReadonlySet<string>
  count: number
  messages: { id: string; message: WAMessageContent }[]
}

/**
 * Sends direct messages again to people whose phones ask for them. Baileys 7.0.0-rc14 prepares the session and then writes to the name
 * that the request came from, without the number beside a LID; WhatsApp may refuse that name (`DirectRoutes`). So Baileys does the first
 * half, is told that there is no such message, and the message goes out from here.
 */
export class Resends {
  readonly #deps: ResendsDependencies
  /** As many as there are retry receipts that Baileys has not handled. */
  readonly #open = new Set<Request>()

  constructor(deps: ResendsDependencies) {
    this.#deps = deps
  }

  /** To be called in the place of Baileys' handler of receipts. */
  async handle(receipt: BinaryNode, handler: (receipt: BinaryNode) => unknown): Promise<void> {
    const request = this.#requestOf(receipt)
    if (request === null) {
      await handler(receipt)
      return
    }
    // With this attribute Baileys would put it into a queue of its own and say that it is done.
    delete receipt.attrs.offline
    this.#open.add(request)
    try {
      await handler(receipt)
    } finally {
      this.#open.delete(request)
    }
    for (const { id, message } of request.messages) await this.#send(request, id, message)
  }

  /** Whether a message that Baileys asks for is sent from here: it must not get it. */
  take({ id, participant }: WAMessageKey, message: WAMessageContent): boolean {
    if (!id || !participant) return false
    const request = [...this.#open].find(({ asker, ids }) => asker === participant && ids.has(id))
    request?.messages.push({ id, message })
    return request !== undefined
  }

  #requestOf(receipt: BinaryNode): Request | null {
    const { attrs, content } = receipt
    const { type, id, from, participant } = attrs
    const retry = getBinaryNodeChild(receipt, 'retry')
    if (type !== 'retry' || retry === undefined || !id || !from || isJidGroup(from) === true) return null
    const asker = participant || from
    const me = this.#deps.me()
    if (me === undefined || areJidsSameUser(asker, me.id) || areJidsSameUser(asker, me.lid)) return null
    const [first] = Array.isArray(content) ? content : []
    const listed = getBinaryNodeChildren(first, 'item').flatMap((item) => item.attrs.id ?? [])
    return { asker, ids: new Set([id, ...listed]), count: Number(retry.attrs.count) || 1, messages: [] }
  }

  async #send({ asker, count }: Request, messageId: string, message: WAMessageContent): Promise<void> {
    const { routes, relay } = this.#deps
    const recipient = { address: jidNormalizedUser(asker), person: null }
    if (routes.isChanged(recipient)) return
    const { to, attributes } = routes.preferred(recipient)
    const device = jidDecode(asker)?.device ?? 0
    // A phone that asks has no session: nor have, perhaps, the person's other devices.
    if (device === 0)
      await relay(to, message, {
        messageId,
        useUserDevicesCache: false,
        additionalAttributes: { ...attributes },
      })
    else await relay(to, message, { messageId, participant: { jid: deviceOf(to, asker), count } })
  }
}

/** The asking device by the name `to` of its account. */
function deviceOf(to: string, asker: string): string {
  const { user = '', server } = jidDecode(to) ?? {}
  const { device, server: asked } = jidDecode(asker) ?? {}
  const isHosted = asked === 'hosted' || asked === 'hosted.lid'
  if (server === 'lid') return jidEncode(user, isHosted ? 'hosted.lid' : 'lid', device)
  return jidEncode(user, isHosted ? 'hosted' : 's.whatsapp.net', device)
}
