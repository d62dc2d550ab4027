import { randomInt } from 'node:crypto'
import { z } from 'zod'
import type { Simulator } from '../simulator.ts'
import { phoneOf } from './face-request.ts'

const account = z.string()

/** What WhatsApp decides about single accounts: a phone's number names the account. */
export const accountFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('lidMigration'),
    account,
    migration: z.enum(['migrated', 'unmigrated', 'either']),
  }),
  z.strictObject({ kind: z.literal('firstContact'), account, from: z.enum(['open', 'token', 'closed']) }),
  z.strictObject({
    kind: z.literal('lockReachout'),
    account,
    untilSeconds: z.number().int().min(0).nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('renewLid'), account }),
])
type AccountFault = z.infer<typeof accountFault>

/** Throws `FaceError` where no phone has the number. */
export function strikeAccount(simulator: Simulator, wanted: AccountFault): void {
  const phone = phoneOf(simulator, wanted.account)
  switch (wanted.kind) {
    case 'lidMigration':
      phone.account.lidMigration = wanted.migration
      return
    case 'firstContact':
      phone.account.firstContact = wanted.from
      return
    case 'lockReachout':
      phone.lockReachout({ until: wanted.untilSeconds })
      return
    case 'renewLid':
      phone.renewLid(String(randomInt(1e14, 1e14 + 2 ** 47)))
  }
}

/** Everything is as with a new phone; a LID that was renewed stays. */
export function clearAccountFaults({ phones }: Simulator): void {
  for (const phone of phones) {
    phone.account.lidMigration = 'migrated'
    phone.account.firstContact = 'open'
    if (phone.account.reachoutLock !== null) phone.lockReachout(null)
  }
}
