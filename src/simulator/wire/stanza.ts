import { type BinaryNode, S_WHATSAPP_NET } from '@whiskeysockets/baileys'

/** One XML-like node of WhatsApp's binary protocol. */
export type Stanza = BinaryNode

type Attributes = Readonly<Record<string, string | undefined>>

/** A stanza from its parts; attributes that are `undefined` are left out. */
export function stanza(tag: string, attributes: Attributes = {}, content?: Stanza['content']): Stanza {
  const attrs: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) attrs[name] = value
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}

/** The element children of `node`; none where its content is text or bytes. */
export function children(node: Stanza | undefined, tag?: string): Stanza[] {
  if (node === undefined || !Array.isArray(node.content)) return []
  return tag === undefined ? node.content : node.content.filter((child) => child.tag === tag)
}

/** The first child named `tag`, or the first child at all. */
export function child(node: Stanza | undefined, tag?: string): Stanza | undefined {
  return children(node, tag)[0]
}

/** Content as bytes: a token of the codec's dictionary arrives as text, everything else as bytes. */
export function bytes(node: Stanza | undefined): Buffer {
  const content = node?.content
  if (typeof content === 'string') return Buffer.from(content, 'utf8')
  return content instanceof Uint8Array ? Buffer.from(content) : Buffer.alloc(0)
}

export function text(node: Stanza | undefined): string {
  return bytes(node).toString('utf8')
}

/** A big-endian number of one to six bytes; 0 where there is none. */
export function unsigned(node: Stanza | undefined): number {
  const value = bytes(node)
  return value.length === 0 || value.length > 6 ? 0 : value.readUIntBE(0, value.length)
}

/** The answer to `request` that carries its id. */
export function iqResult(request: Stanza, content?: Stanza[]): Stanza {
  const attributes = { from: request.attrs.to ?? S_WHATSAPP_NET, type: 'result', id: request.attrs.id }
  return stanza('iq', attributes, content)
}

export function iqError(request: Stanza, code: number, message: string): Stanza {
  const attributes = { from: request.attrs.to ?? S_WHATSAPP_NET, type: 'error', id: request.attrs.id }
  return stanza('iq', attributes, [stanza('error', { code: String(code), text: message })])
}
