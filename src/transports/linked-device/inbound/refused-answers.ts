import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys'

/**
 * Takes out of an answer, before Baileys sees it, what WhatsApp refuses in it: in a list of key bundles the devices
 * without keys, in a list of users the questions that have no answer for one of them. For one refusal Baileys would drop
 * the answers for everybody else (rc14 `parseAndInjectE2ESessions`, `USyncDeviceProtocol`). What is left out is treated as
 * what it is: not known.
 */
export function removeRefusedAnswers(stanza: BinaryNode): void {
  if (stanza.tag !== 'iq' || stanza.attrs.type !== 'result') return
  const bundles = getBinaryNodeChild(stanza, 'list')
  if (bundles !== undefined) keepUnrefused(bundles, 'user')
  for (const user of getBinaryNodeChildren(
    getBinaryNodeChild(getBinaryNodeChild(stanza, 'usync'), 'list'),
    'user',
  ))
    keepUnrefused(user)
}

function keepUnrefused(parent: BinaryNode, tag?: string): void {
  if (!Array.isArray(parent.content)) return
  parent.content = parent.content.filter(
    (child) => (tag !== undefined && child.tag !== tag) || getBinaryNodeChild(child, 'error') === undefined,
  )
}
