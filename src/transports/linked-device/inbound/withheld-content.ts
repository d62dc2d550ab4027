import { type BinaryNode, getBinaryNodeChildren } from '@whiskeysockets/baileys'

/**
 * Gives a message whose content is kept from linked devices, because it is shown once, the name that Baileys knows, before Baileys
 * sees it: under the other one it acknowledges the message and reports nothing (rc14, `messages-recv.js`, `decode-wa-message.js`).
 */
export function renameWithheldContent(stanza: BinaryNode): void {
  for (const { attrs } of getBinaryNodeChildren(stanza, 'unavailable'))
    if (attrs.type === 'view_once_unavailable_fanout') attrs.type = 'view_once'
}
