/** What businesses and groups offer: products, orders, invitations. */
import type { proto } from '@whiskeysockets/baileys'
import type { ContentPart } from '../../../../messaging/content.ts'
import { lineOrNull, quoted, words } from '../../../../text/description/part-texts.ts'
import { orderPart, productPart } from '../../../../text/description/goods.ts'
import { countOf, moneyOf, timeOf } from './wire-numbers.ts'

export function describeProduct({ product, body }: proto.Message.IProductMessage): (ContentPart | null)[] {
  const { productId, title, description, currencyCode, priceAmount1000, salePriceAmount1000, url } =
    product ?? {}
  const price = moneyOf(countOf(salePriceAmount1000) ? salePriceAmount1000 : priceAmount1000, currencyCode)
  return [productPart({ id: productId, title, description, price, url }), words(body)]
}

export function describeOrder(order: proto.Message.IOrderMessage): (ContentPart | null)[] {
  const { orderId, orderTitle, itemCount, message, totalAmount1000, totalCurrencyCode } = order
  const total = moneyOf(totalAmount1000, totalCurrencyCode)
  return [orderPart({ id: orderId, title: orderTitle, itemCount: countOf(itemCount), total }), words(message)]
}

export function describeGroupInvitation(
  invitation: proto.Message.IGroupInviteMessage,
): (ContentPart | null)[] {
  const { groupName, caption, inviteCode, inviteExpiration } = invitation
  return [
    words(`[invitation to the group${quoted(groupName)}]`, {
      type: 'invitation',
      to: 'group',
      name: lineOrNull(groupName),
      code: lineOrNull(inviteCode),
      expiresAt: timeOf(inviteExpiration),
    }),
    words(caption),
  ]
}

export function describeChannelInvitation(
  invitation: proto.Message.INewsletterAdminInviteMessage,
): (ContentPart | null)[] {
  const { newsletterName, caption, inviteExpiration } = invitation
  return [
    words(`[invitation to the channel${quoted(newsletterName)}]`, {
      type: 'invitation',
      to: 'channel',
      name: lineOrNull(newsletterName),
      code: null,
      expiresAt: timeOf(inviteExpiration),
    }),
    words(caption),
  ]
}
