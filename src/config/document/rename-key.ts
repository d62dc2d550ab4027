import type { ConfigDocument } from './config-document.ts'
import { memberOf, type PathSegment } from './json5-tree.ts'
import { renderKey } from './render-value.ts'
import { splice } from './text-lines.ts'
import { styleOf } from './text-style.ts'

/** The document with another name for the key at `path`, whose value and comments stay; this one where there is no such key. */
export function renameKey(
  document: ConfigDocument,
  path: readonly PathSegment[],
  name: string,
): ConfigDocument {
  const last = path.at(-1)
  const member = typeof last === 'string' ? memberOf(document.nodeAt(path.slice(0, -1)), last) : undefined
  const token = document.tokens.find(({ range }) => range[0] === member?.nameStart)
  if (member === undefined || token === undefined) return document
  const isQuoted = token.kind === 'string'
  const style = styleOf(document, member.value.range[0])
  const quote = document.body[token.range[0]] === "'" ? ("'" as const) : ('"' as const)
  const written = renderKey(name, isQuoted ? { ...style, quotesKeys: true, quote } : style)
  return document.withBody(splice(document.body, token.range[0], token.range[1], written))
}
