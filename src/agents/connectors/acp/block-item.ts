import { fileURLToPath } from 'node:url'
import type { ReplyItem } from '../../agent.ts'
import { isRecord } from '../../../protocol/is-record.ts'
import { fileData } from '../../answers/file-data.ts'

type Media = Extract<ReplyItem, { type: 'media' }>
type Unusable = Extract<ReplyItem, { type: 'unusable' }>

/**
 * What a content block of an answer shows besides words: a picture, a sound, an embedded file, or a link to a file of the agent's own
 * directory; or why it cannot be shown. `null` for every other block. Nothing is fetched. Source: Agent Client Protocol, `ContentBlock`.
 */
export function blockItem(block: Record<string, unknown>): Media | Unusable | null {
  const { type, data, mimeType, uri, name, resource } = block
  if (type === 'image') return ofData('image', data, textOr(mimeType), nameIn(uri))
  if (type === 'audio') return ofData('audio', data, textOr(mimeType), undefined)
  if (type === 'resource' && isRecord(resource)) return ofResource(resource)
  if (type !== 'resource_link') return null
  const path = pathIn(uri)
  if (path === null) return unusable('The agent links to a file elsewhere, which is not fetched.')
  return { type: 'media', kind: kindOf(textOr(mimeType)), file: { path }, ...known({ name, mimeType }) }
}

function ofResource(resource: Record<string, unknown>): Media | Unusable | null {
  const { blob, text, mimeType, uri } = resource
  const declared = textOr(mimeType)
  if (typeof blob === 'string') return ofData(kindOf(declared), blob, declared, nameIn(uri))
  if (typeof text !== 'string' || text === '') return null
  const file = { data: Buffer.from(text, 'utf8') }
  return { type: 'media', kind: 'document', file, ...known({ name: nameIn(uri), mimeType: declared }) }
}

function ofData(
  kind: Media['kind'],
  data: unknown,
  mimeType: string | undefined,
  name: string | undefined,
): Media | Unusable {
  const file = fileData(data)
  return 'why' in file ? unusable(file.why) : { type: 'media', kind, file, ...known({ name, mimeType }) }
}

function unusable(why: string): Unusable {
  return { type: 'unusable', why }
}

function kindOf(mimeType = ''): Media['kind'] {
  const [family] = mimeType.split('/')
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document'
}

function known(said: { name: unknown; mimeType: unknown }): Pick<Media, 'name' | 'mimeType'> {
  return { name: textOr(said.name), mimeType: textOr(said.mimeType) }
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function pathIn(uri: unknown): string | null {
  if (typeof uri !== 'string' || !uri.startsWith('file:')) return null
  try {
    return fileURLToPath(uri)
  } catch {
    return null
  }
}

function nameIn(uri: unknown): string | undefined {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return undefined
  const last = new URL(uri).pathname.split('/').at(-1)
  return textOr(last)
}
