import type { BusinessNumber } from './business-number.ts'
import type { MetaApp } from './meta-app.ts'
import type { Portfolio } from './portfolio.ts'
import type { Template } from './template.ts'

/** Where webhooks go instead of the app's own callback. */
export interface Override {
  url: string
  verifyToken: string
}

/** A WhatsApp Business account (WABA): numbers, templates, and the apps that get its webhooks. */
export class BusinessAccount {
  readonly id: string
  readonly name: string
  readonly portfolio: Portfolio
  readonly numbers: BusinessNumber[] = []
  readonly templates: Template[] = []
  /** With the callback of each that has one of its own. */
  readonly subscribedApps = new Map<MetaApp, Override | null>()
  /** Without a payment method answers are not delivered. */
  hasPayment = true

  constructor(o: { id: string; name: string; portfolio: Portfolio }) {
    this.id = o.id
    this.name = o.name
    this.portfolio = o.portfolio
  }
}
