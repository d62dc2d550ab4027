import type { ConfigDocument } from './config-document.ts'
import { containerOf } from './container-edit.ts'
import { removeItems } from './remove-items.ts'

/** The document without the key at `path`, with its comma and its line; this one where there is no such key. */
export function removeKey(document: ConfigDocument, path: readonly string[]): ConfigDocument {
  const holder = document.nodeAt(path.slice(0, -1))
  const index = holder?.type === 'object' ? holder.members.findIndex(({ name }) => name === path.at(-1)) : -1
  if (holder?.type !== 'object' || index === -1) return document
  return document.withBody(removeItems(containerOf(document, holder), [index]))
}
