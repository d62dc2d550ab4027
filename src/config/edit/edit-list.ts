import { writtenNumber } from '../../access/numbers/number-address.ts'
import { type Container, containerOf, insertItems } from '../document/container-edit.ts'
import type { ConfigDocument } from '../document/config-document.ts'
import type { ArrayNode } from '../document/json5-tree.ts'
import { setValue } from '../document/set-value.ts'
import { removeItems } from '../document/remove-items.ts'
import { renderValue } from '../document/render-value.ts'
import { styleOf } from '../document/text-style.ts'

export interface ListEdit {
  kind: 'add' | 'remove' | 'set'
  /** As `meaningOf` has them. */
  entries: readonly string[]
}

/**
 * The document with the list of texts and numbers at `path` edited as a set: `meaningOf` tells which entries are the same.
 * Entries that stay are not touched, whatever their notation; so are comments, quotes, order and commas. A list that is
 * missing is created when something is added.
 */
export function editList(
  document: ConfigDocument,
  path: readonly string[],
  { kind, entries }: ListEdit,
  meaningOf: (entry: string | number) => string | null,
): ConfigDocument {
  const named = new Set(entries)
  const meanings = ({ value }: ArrayNode): (string | null)[] =>
    value.map((entry) => (isEntry(entry) ? meaningOf(entry) : null))
  if (document.nodeAt(path)?.type !== 'array') {
    return kind === 'remove' || (kind === 'add' && named.size === 0)
      ? document
      : setValue(document, path, [...named].map(writtenNumber))
  }
  const isRemoved = (entry: string | null): boolean =>
    kind === 'set' ? entry === null || !named.has(entry) : entry !== null && named.has(entry)
  const reduced =
    kind === 'add'
      ? document
      : withList(document, path, (node, container) =>
          removeItems(
            container,
            meanings(node).flatMap((entry, index) => (isRemoved(entry) ? [index] : [])),
          ),
        )
  if (kind === 'remove') return reduced
  return withList(reduced, path, (node, container) => {
    const present = new Set(meanings(node))
    const added = [...named].filter((entry) => !present.has(entry))
    if (added.length === 0) return container.text
    const style = styleOf(reduced, node.range[0])
    const quoted = { ...style, quote: quoteOf(container.text, node) ?? style.quote }
    return insertItems(
      container,
      added.map((entry) => renderValue(writtenNumber(entry), quoted, '')),
      style,
    )
  })
}

function withList(
  document: ConfigDocument,
  path: readonly string[],
  edit: (node: ArrayNode, container: Container) => string,
): ConfigDocument {
  const node = document.nodeAt(path)
  return node?.type === 'array' ? document.withBody(edit(node, containerOf(document, node))) : document
}

/** Whether this can name somebody at all. */
export function isEntry(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

/** The quotes that the list uses. */
function quoteOf(text: string, { elements }: ArrayNode): '"' | "'" | null {
  const last = elements.findLast(({ value }) => typeof value === 'string')
  if (last === undefined) return null
  return text[last.range[0]] === "'" ? "'" : '"'
}
