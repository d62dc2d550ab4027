/** What is sold, in words and in fields. */
import type { ContentPart } from '../../messaging/content.ts'
import type { MessageDetail } from '../../protocol/agent/message-detail.ts'
import { joined, line, lineOrNull, listed, textOrNull, words } from './part-texts.ts'

type Text = string | null | undefined
type Money = Extract<MessageDetail, { type: 'order' }>['total']

export function productPart(product: {
  id: Text
  title: Text
  description: Text
  price: Money
  url: Text
}): ContentPart | null {
  const { id, title, description, price, url } = product
  return words(joined('[product]', [title, description]), {
    type: 'product',
    id: lineOrNull(id),
    title: line(title),
    description: textOrNull(description),
    price,
    url: lineOrNull(url),
  })
}

/** `items`: a line for each thing, where they are known. */
export function orderPart(order: {
  id: Text
  title: Text
  itemCount: number | null
  total: Money
  items?: readonly string[]
}): ContentPart | null {
  const { id, title, itemCount, total, items = [] } = order
  const shown = joined('[order]', [line(title), itemCount ? `${itemCount} items` : ''])
  return words(items.length === 0 ? shown : listed(shown, items), {
    type: 'order',
    id: lineOrNull(id),
    title: line(title),
    itemCount,
    total,
  })
}
