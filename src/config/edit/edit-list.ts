import type { ArrayNode } from '@humanwhocodes/momoa'
import { writtenNumber } from '../../access/numbers/number-address.ts'
import { containerOf, insertItems } from '../document/container-edit.ts'
import { setValue } from '../document/edit-text.ts'
import { nodeAt, parseConfig } from '../document/parse.ts'
import { rangeOf } from '../document/range-of.ts'
import { removeItems } from '../document/remove-items.ts'
import { renderValue } from '../document/render-value.ts'
import { splitBom } from '../document/split-bom.ts'
import { styleOf, type TextStyle } from '../document/text-style.ts'

export interface ListEdit {
  kind: 'add' | 'remove' | 'set'
  /** As `meaningOf` has them. */
  entries: readonly string[]
}

/**
 * The text with the list of texts and numbers at `path` edited as a set: `meaningOf` tells which entries are the same.
 * Entries that stay are not touched, whatever their notation; so are comments, quotes, order and commas. A list that is
 * missing is created when something is added.
 */
export function editList(
  text: string,
  path: readonly string[],
  { kind, entries }: ListEdit,
  meaningOf: (entry: string | number) => string | null,
): string {
  const named = new Set(entries)
  const meanings = (node: ArrayNode): (string | null)[] =>
    node.elements.map(({ value }) =>
      value.type === 'String' || value.type === 'Number' ? meaningOf(value.value) : null,
    )
  const [, body] = splitBom(text)
  const list = nodeAt(parseConfig(body).root, path)
  if (list?.type !== 'Array') {
    return kind === 'remove' || (kind === 'add' && named.size === 0)
      ? text
      : setValue(text, path, [...named].map(writtenNumber))
  }
  const goes = (entry: string | null): boolean =>
    kind === 'set' ? entry === null || !named.has(entry) : entry !== null && named.has(entry)
  const reduced =
    kind === 'add'
      ? text
      : withList(text, path, (node, _style, container) =>
          removeItems(
            container,
            meanings(node).flatMap((entry, index) => (goes(entry) ? [index] : [])),
          ),
        )
  if (kind === 'remove') return reduced
  return withList(reduced, path, (node, style, container) => {
    const present = new Set(meanings(node))
    const added = [...named].filter((entry) => !present.has(entry))
    const quoted = { ...style, quote: quoteOf(container.text, node) ?? style.quote }
    return insertItems(
      container,
      added.map((entry) => renderValue(writtenNumber(entry), quoted, '')),
      style,
    )
  })
}

function withList(
  text: string,
  path: readonly string[],
  edit: (node: ArrayNode, style: TextStyle, container: ReturnType<typeof containerOf>) => string,
): string {
  const [bom, body] = splitBom(text)
  const parsed = parseConfig(body)
  const node = nodeAt(parsed.root, path)
  if (node?.type !== 'Array') return text
  return bom + edit(node, styleOf(parsed), containerOf(body, parsed.tokens, node))
}

/** The quotes that the list uses. */
function quoteOf(text: string, list: ArrayNode): '"' | "'" | null {
  const last = list.elements.findLast(({ value }) => value.type === 'String')
  if (last === undefined) return null
  return text[rangeOf(last.value)[0]] === "'" ? "'" : '"'
}
