import type { BusinessUpdate } from './business-update.ts'
import type { WebhookAnswer, WebhookRequest } from '../../../messaging/webhook-receiver.ts'
import type { SignatureCheck } from './webhook-signature.ts'

/** Which number an account of this daemon has; `null` for an id that is not known now, so that any may be meant. */
export interface NumberClaim {
  phoneNumberId: string | null
  businessAccountId: string | null
}

/** The way in of an account whose files are open. */
export interface NumberReceiver {
  readonly account: string
  /** `false` once its files are closed, or are about to be: the disk has refused something. */
  readonly isOpen: boolean
  /** `null`: it has none, or somebody disconnected it. */
  readonly claim: NumberClaim | null
  /** Why it takes nothing now, by the head of a request alone; `null` where it may. */
  judge(head: Omit<WebhookRequest, 'body'>): WebhookAnswer | null
  /** Whether the sender is proven, by a secret of this account. */
  proves(request: WebhookRequest, check: SignatureCheck): boolean
  /** Something that it believes came by the address of this account. */
  accepted(by: string): void
  refused(reason: string): void
  foreign(count: number): void
  unsupported(count: number): void
  /** Whether it has all of these already. Throws `StorageError`. */
  has(updates: readonly BusinessUpdate[]): boolean
  /** Stores these: on disk when it resolves with 200. Rejects never. */
  keep(updates: readonly BusinessUpdate[]): Promise<WebhookAnswer>
}

export interface WebhookNumbersDependencies {
  /** Ids of the accounts of the config in force. */
  accounts: () => readonly string[]
  /** What is known of an account whose files are closed; `null` where it is no Business number. Never throws. */
  whileClosed: (account: string) => NumberClaim | null
}

/** Who of this daemon has which number: Meta posts the updates of all numbers of an app, or of a Business account, to one address. */
export class WebhookNumbers {
  readonly #deps: WebhookNumbersDependencies
  readonly #receivers = new Map<string, NumberReceiver>()

  constructor(deps: WebhookNumbersDependencies) {
    this.#deps = deps
  }

  /** The files of its account are open; it replaces an earlier one of the same account. */
  add(receiver: NumberReceiver): void {
    this.#receivers.set(receiver.account, receiver)
  }

  /** Of accounts of the config, that of `first` before all others. */
  open(first: string): NumberReceiver[] {
    const accounts = this.#deps.accounts()
    const isFirst = ({ account }: NumberReceiver): number => (account === first ? 0 : 1)
    return accounts
      .flatMap((account) => this.#openOf(account) ?? [])
      .toSorted((one, other) => isFirst(one) - isFirst(other))
  }

  /** What accounts have whose files are closed. */
  closed(): NumberClaim[] {
    const { accounts, whileClosed } = this.#deps
    return accounts().flatMap((account) =>
      this.#openOf(account) === null ? (whileClosed(account) ?? []) : [],
    )
  }

  #openOf(account: string): NumberReceiver | null {
    const receiver = this.#receivers.get(account)
    return receiver?.isOpen === true ? receiver : null
  }
}
