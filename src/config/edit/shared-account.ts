import { DaemonError } from '../../protocol/errors.ts'
import type { ConfigDocument } from '../document/config-document.ts'
import { memberNames } from '../document/json5-tree.ts'
import { setValue } from '../document/set-value.ts'
import { channelSection } from '../read/channel-section.ts'
import { SHARED_ACCOUNT } from '../read/foreign/account-layers.ts'
import { fileTool } from '../read/foreign/file-tool.ts'
import { isEntry } from './edit-list.ts'

/** In an OpenClaw file the account whose settings the others inherit; `null` for every other file. */
export function sharedAccount(document: ConfigDocument): string | null {
  const section = channelSection(document)
  return fileTool(document, section) === 'openclaw' ? SHARED_ACCOUNT : null
}

/**
 * The document in which no other account inherits the list `key` of the shared one any more: each that did has a copy. An edit of the shared
 * account's list would change theirs. Throws `DaemonError` (`config_key_refused`) where there is no list that could be copied, and an empty
 * one would say something else.
 */
export function withoutHeirs(document: ConfigDocument, shared: string, key: string): ConfigDocument {
  const section = channelSection(document).path
  const accounts = document.nodeAt([...section, 'accounts'])
  const others = accounts?.type === 'object' ? memberNames(accounts).filter((id) => id !== shared) : []
  const heirs = others.filter((id) => document.nodeAt([...section, 'accounts', id, key]) === null)
  if (heirs.length === 0) return document
  const list = document.nodeAt([...section, 'accounts', shared, key]) ?? document.nodeAt([...section, key])
  if (list?.type !== 'array' && key !== 'allowFrom')
    throw new DaemonError('config_key_refused', {
      message: `${key} of the account "${shared}" would also count for ${heirs.join(', ')}: this file is OpenClaw's, in which accounts inherit from that one.`,
      action: `Give those accounts a ${key} of their own first.`,
      details: { path: [key], why: 'is inherited by other accounts' },
    })
  const entries = list?.type === 'array' ? list.value.filter(isEntry) : []
  return heirs.reduce((each, id) => setValue(each, [...section, 'accounts', id, key], entries), document)
}
