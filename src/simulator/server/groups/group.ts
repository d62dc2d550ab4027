import { jidEncode } from '@whiskeysockets/baileys'
import type { Account, AddressingMode } from '../account.ts'

/** A possible member of a group: a phone, or the account behind it. */
interface HasAccount {
  readonly account: Account
}

/** What happened to a group: `members` joined or were removed, or it has a new subject, or another timer. */
export interface GroupChange {
  kind: 'create' | 'add' | 'remove' | 'subject' | 'timer'
  members: readonly Account[]
}

/** A group on the server. Its first member created it and is its administrator. */
export class SimulatedGroup {
  /** The JID's user part. */
  readonly id: string
  readonly addressing: AddressingMode
  readonly createdAtMs: number
  readonly #members: Account[]
  readonly #announce: (group: SimulatedGroup, change: GroupChange) => void
  #subject: string
  #epoch = 0
  #timer = 0

  /** Throws without members. */
  constructor(o: {
    id: string
    subject: string
    members: readonly HasAccount[]
    addressing: AddressingMode
    createdAtMs: number
    announce: (group: SimulatedGroup, change: GroupChange) => void
  }) {
    if (o.members.length === 0) throw new Error('a group needs a member')
    this.id = o.id
    this.addressing = o.addressing
    this.createdAtMs = o.createdAtMs
    this.#subject = o.subject
    this.#members = [...new Set(o.members.map(({ account }) => account))]
    this.#announce = o.announce
  }

  get jid(): string {
    return jidEncode(this.id, 'g.us')
  }

  get subject(): string {
    return this.#subject
  }

  /** Seconds after which its messages disappear; 0: they stay. */
  get timer(): number {
    return this.#timer
  }

  get members(): readonly Account[] {
    return this.#members
  }

  /** Grows when a member leaves: older keys are no longer used then. */
  get epoch(): number {
    return this.#epoch
  }

  has(account: Account): boolean {
    return this.#members.includes(account)
  }

  isAdministrator(account: Account): boolean {
    return account === this.#members[0]
  }

  /** How the group names this member. */
  modeOf(account: Account): AddressingMode {
    return account.modeFor(this.addressing)
  }

  add(...joining: HasAccount[]): void {
    const members = joining.map(({ account }) => account).filter((account) => !this.has(account))
    if (members.length === 0) return
    this.#members.push(...members)
    this.#announce(this, { kind: 'add', members })
  }

  /** The removed members get the notice too. Throws when no member would be left. */
  remove(...leaving: HasAccount[]): void {
    const members = leaving.map(({ account }) => account).filter((account) => this.has(account))
    if (members.length === this.#members.length) throw new Error('a group needs a member')
    if (members.length === 0) return
    this.#epoch++
    this.#announce(this, { kind: 'remove', members })
    for (const member of members) this.#members.splice(this.#members.indexOf(member), 1)
  }

  /** "Disappearing messages"; 0 seconds: off. */
  setTimer(seconds: number): void {
    this.#timer = seconds
    this.#announce(this, { kind: 'timer', members: [] })
  }

  rename(subject: string): void {
    this.#subject = subject
    this.#announce(this, { kind: 'subject', members: [] })
  }
}
