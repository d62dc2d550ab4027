import { jidEncode } from '@whiskeysockets/baileys'
import { identifyAddress } from '../identity/sender-identity.ts'
import type { LidDirectory } from '../identity/lid-directory.ts'
import type { StoredCache } from '../signal/stored-cache.ts'
import type { TtlCache } from '../signal/ttl-cache.ts'

/** WhatsApp takes direct messages of an account by LID, or by number where it has not moved the account to LIDs. */
type Namespace = 'lid' | 'number'

/** How the stanza of a direct message names its recipient. The devices in it are named in the same way. */
export interface DirectRoute {
  namespace: Namespace
  to: string
  /** Of the `<message>` stanza. */
  attributes: Readonly<Record<string, string>>
}

export interface DirectRecipient {
  /** The chat's address, as a message of it came. */
  address: string
  /** The E.164 number of whom it is for, where that is known: it goes to no address of somebody else. */
  person: string | null
}

export interface DirectRoutesDependencies {
  lids: Pick<LidDirectory, 'lidOf' | 'numberOf' | 'ownNumber' | 'isChanged'>
  /** Remembers, for a day, that WhatsApp takes this account's messages by number alone. */
  namespace: Pick<StoredCache, 'get' | 'set' | 'del'>
  /** Numbers that are not asked for again, because they have no LID. */
  misses: Pick<TtlCache, 'del'>
}

/** Asks WhatsApp for the LID of a number's JID; its answer is in the directory when this resolves. Never rejects. */
type AskForLid = (numberJid: string) => Promise<unknown>

const KEY = 'direct'

/**
 * By which address a direct message goes. A person with a LID is written to by it, and the stanza tells the number too
 * (`peer_recipient_pn`): without it their other devices show an unknown person (whatsmeow 4f8f64e0, zapo#184). WhatsApp answers
 * 400 to LIDs from accounts that it has not migrated (whatsapp-rust#941), and 463 to numbers from those that it has (Baileys#2683):
 * then the other address is tried once, and the one that was taken is remembered for the account.
 */
export class DirectRoutes {
  readonly #deps: DirectRoutesDependencies

  constructor(deps: DirectRoutesDependencies) {
    this.#deps = deps
  }

  /** The recipient's number, digits; `null` where none is known. */
  numberOf({ address, person }: DirectRecipient): string | null {
    const { lids } = this.#deps
    return person?.slice(1) ?? identifyAddress(address, null, lids)?.phoneNumber?.value.slice(1) ?? null
  }

  /** Whether the number belongs to another account than the one that was allowed: nothing goes to it. */
  isChanged(recipient: DirectRecipient): boolean {
    const number = this.numberOf(recipient)
    return number !== null && this.#deps.lids.isChanged(number)
  }

  /** The recipient's LID, digits, as far as it is known. */
  lidOf(recipient: DirectRecipient): string | null {
    const { lids } = this.#deps
    const number = this.numberOf(recipient)
    return number === null
      ? (identifyAddress(recipient.address, null, lids)?.lid?.value ?? null)
      : lids.lidOf(number)
  }

  /** All addresses of the recipient that are known now. */
  addressesOf(recipient: DirectRecipient): string[] {
    const { lid, number } = this.#routesTo(recipient)
    const known = [lid, number].flatMap((route) => route?.to ?? [])
    return known.length > 0 ? known : [recipient.address]
  }

  /** The way that is known now; asks nothing. */
  preferred(recipient: DirectRecipient): DirectRoute {
    const { lid, number } = this.#routesTo(recipient)
    const isByNumber = this.#deps.namespace.get<Namespace>(KEY) === 'number'
    return (
      (isByNumber ? (number ?? lid) : (lid ?? number)) ?? {
        namespace: 'number',
        to: recipient.address,
        attributes: {},
      }
    )
  }

  /** The same after WhatsApp was asked for a LID that is not known, unless it said lately that there is none. */
  async first(recipient: DirectRecipient, ask: AskForLid): Promise<DirectRoute> {
    const { lid, number } = this.#routesTo(recipient)
    if (lid === null && number !== null) await ask(number.to)
    return this.preferred(recipient)
  }

  /** The way to try after WhatsApp refused `route` with this error; `null` where the address was not what was wrong. */
  async other(
    recipient: DirectRecipient,
    { route, error }: { route: DirectRoute; error: string },
    ask: AskForLid,
  ): Promise<DirectRoute | null> {
    if (route.namespace === 'lid') return error === '400' ? this.#routesTo(recipient).number : null
    if (error !== '463' && error !== '400') return null
    if (this.#routesTo(recipient).lid === null) {
      this.#deps.misses.del(route.to)
      await ask(route.to)
    }
    return this.#routesTo(recipient).lid
  }

  /** WhatsApp took the second try: the next messages go this way first. */
  took({ namespace }: DirectRoute): void {
    if (namespace === 'number') this.#deps.namespace.set(KEY, namespace)
    else this.migrated()
  }

  /** WhatsApp has moved the account to LIDs. */
  migrated(): void {
    if (this.#deps.namespace.get(KEY) !== undefined) this.#deps.namespace.del(KEY)
  }

  #routesTo(recipient: DirectRecipient): Record<Namespace, DirectRoute | null> {
    // Whoever has a number is written to by the LID that the directory has for it, whatever the chat was called.
    const number = this.numberOf(recipient)
    const lid = this.lidOf(recipient)
    const numberJid = number === null ? null : jidEncode(number, 's.whatsapp.net')
    return {
      lid: lid === null ? null : lidRoute(jidEncode(lid, 'lid'), numberJid),
      number: numberJid === null ? null : { namespace: 'number', to: numberJid, attributes: {} },
    }
  }
}

function lidRoute(to: string, numberJid: string | null): DirectRoute {
  return { namespace: 'lid', to, attributes: numberJid === null ? {} : { peer_recipient_pn: numberJid } }
}
