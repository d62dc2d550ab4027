import type { TemplateResult } from 'lit'
import type { CardContext } from '../card-context.ts'
import { business } from '../late-parts.ts'

/** A Business number, and the way to connect one where the page offers that; nothing for accounts that are linked to a phone. */
export function renderBusiness(context: CardContext): TemplateResult | null {
  const { account, businessSignup } = context
  const isOne = Boolean(account.business)
  return isOne || (businessSignup && !account.linked)
    ? business.draw(context, (parts) => parts.renderBusinessPanel(context))
    : null
}
