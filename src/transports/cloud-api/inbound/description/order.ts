import type { ContentPart } from '../../../../messaging/content.ts'
import { orderPart } from '../../../../text/description/goods.ts'
import { line, words } from '../../../../text/description/part-texts.ts'
import { type Fields, listOf, numberIn, textIn } from '../fields.ts'

/** What somebody orders from the catalogue of the business. */
export function describeOrder({
  catalog_id: catalog,
  text,
  product_items: items,
}: Fields): (ContentPart | null)[] {
  const things = listOf(items).map(({ product_retailer_id: id, quantity, item_price: price, currency }) => ({
    id: line(textIn(id)),
    count: Math.max(0, Math.trunc(numberIn(quantity) ?? 1)),
    price: numberIn(price),
    currency: line(textIn(currency)),
  }))
  const currencies = new Set(things.map(({ currency }) => currency))
  const [currency = ''] = currencies
  const amount = things.reduce((sum, { count, price }) => sum + count * (price ?? Number.NaN), 0)
  const isKnown = currencies.size === 1 && currency !== '' && Number.isFinite(amount)
  const itemCount = things.reduce((sum, { count }) => sum + count, 0)
  return [
    orderPart({
      id: textIn(catalog),
      title: '',
      itemCount: Number.isSafeInteger(itemCount) ? itemCount : null,
      total: isKnown ? { amount: Math.round(amount * 1_000) / 1_000, currency } : null,
      items: things.map(({ id, count, price, currency: of }) =>
        [`${count} × ${id}`, price === null ? '' : `${price} ${of}`].filter(Boolean).join(', '),
      ),
    }),
    words(textIn(text)),
  ]
}
