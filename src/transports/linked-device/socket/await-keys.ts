import {
  type BinaryNode,
  DEF_TAG_PREFIX,
  getAllBinaryNodeChildren,
  INITIAL_PREKEY_COUNT,
  type WASocket,
} from '@whiskeysockets/baileys'

/**
 * When WhatsApp answers that it has none of our one-time keys, Baileys generates all of them before it does anything else. Here that
 * answer reaches Baileys once `make` has resolved, which makes so many key pairs for it.
 */
export function awaitKeys(ws: Pick<WASocket['ws'], 'emit'>, make: (count: number) => Promise<void>): void {
  const emit = ws.emit.bind(ws)
  ws.emit = (event: string | symbol, ...data: unknown[]) => {
    if (!isAnswer(event) || !saysNoKeys(data[0])) return emit(event, ...data)
    void make(INITIAL_PREKEY_COUNT).then(() => emit(event, ...data))
    return true
  }
}

function isAnswer(event: string | symbol): boolean {
  return typeof event === 'string' && event.startsWith(DEF_TAG_PREFIX)
}

function saysNoKeys(answer: unknown): boolean {
  if (answer instanceof Uint8Array) return false
  // Every stanza comes by here, before what must not reach Baileys is taken out of it: `getBinaryNodeChild` would remember that.
  // Baileys emits answers with their stanza.
  const child = getAllBinaryNodeChildren(answer as BinaryNode).find(({ tag }) => tag === 'count')
  return child?.attrs.value === '0'
}
