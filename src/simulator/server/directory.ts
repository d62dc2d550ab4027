import { jidDecode } from '@whiskeysockets/baileys'
import { HOSTED_DEVICE_ID } from './account.ts'
import type { Account, Device } from './account.ts'
import type { SimulatedGroup } from './groups/group.ts'
import type { LinkedCompanion } from './linked-companion.ts'

/** The domains of hosted devices, and those of the others of the same account. */
const PLAIN_DOMAINS = new Map([
  ['hosted', 's.whatsapp.net'],
  ['hosted.lid', 'lid'],
])

/** Every account and every group of the simulated WhatsApp, found by any of its JIDs. */
export class Directory {
  readonly #byUser = new Map<string, Account>()
  readonly #formerLids = new Map<string, Account>()
  readonly #groups = new Map<string, SimulatedGroup>()
  readonly #companions = new Set<LinkedCompanion>()

  /** Throws when the number or the LID is taken. */
  add(account: Account): void {
    const keys = [`${account.user}@s.whatsapp.net`, `${account.lidUser}@lid`]
    if (keys.some((key) => this.#byUser.has(key)))
      throw new Error(`${account.phoneNumber} or its LID exists already`)
    for (const key of keys) this.#byUser.set(key, account)
  }

  /** Gives an account another LID, as when its number begins anew. What is sent to the former one reaches nobody. */
  renewLid(account: Account, lidUser: string): void {
    const key = `${account.lidUser}@lid`
    this.#byUser.delete(key)
    this.#formerLids.set(key, account)
    account.replaceLid(lidUser)
    this.#byUser.set(`${lidUser}@lid`, account)
  }

  /** Whose former LID this is. */
  formerAccount(jid: string | undefined): Account | undefined {
    const decoded = jidDecode(jid)
    return this.#formerLids.get(`${decoded?.user}@${decoded?.server}`)
  }

  addGroup(group: SimulatedGroup): void {
    this.#groups.set(group.jid, group)
  }

  get groups(): SimulatedGroup[] {
    return [...this.#groups.values()]
  }

  group(jid: string | undefined): SimulatedGroup | undefined {
    return this.#groups.get(jid ?? '')
  }

  groupsOf(account: Account): SimulatedGroup[] {
    return [...this.#groups.values()].filter((group) => group.has(account))
  }

  /** The account that `jid` names; its device part is ignored. */
  account(jid: string | undefined): Account | undefined {
    const { user, server, device } = jidDecode(jid) ?? {}
    const plain = PLAIN_DOMAINS.get(server ?? '')
    // No other device is in this domain.
    if (plain !== undefined && device !== HOSTED_DEVICE_ID) return undefined
    return this.#byUser.get(`${user}@${plain ?? server}`)
  }

  device(jid: string | undefined): Device | undefined {
    const deviceId = jidDecode(jid)?.device ?? 0
    return this.account(jid)?.devices.find((device) => device.deviceId === deviceId)
  }

  /** Adds a client that was just linked to its account. */
  link(companion: LinkedCompanion): void {
    companion.account.companions.push(companion)
    this.#companions.add(companion)
  }

  /** The companion that logs in with this number and device. */
  companion(user: string, deviceId: number): LinkedCompanion | undefined {
    const account = this.#byUser.get(`${user}@s.whatsapp.net`)
    return account && this.companionsOf(account).find((companion) => companion.deviceId === deviceId)
  }

  /** The clients that are linked to this account, the oldest first. */
  companionsOf(account: Account): LinkedCompanion[] {
    return this.companions.filter((companion) => companion.account === account)
  }

  get accounts(): Account[] {
    return [...new Set(this.#byUser.values())]
  }

  /** Every linked client of every account. */
  get companions(): LinkedCompanion[] {
    for (const companion of this.#companions) if (companion.isRemoved) this.#companions.delete(companion)
    return [...this.#companions]
  }
}
