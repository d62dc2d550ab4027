import { phoneNumberSchema } from '../../protocol/account/account.ts'

/** The E.164 number of a person, as views show it; `null` for an address, and for what another program made of the row. */
export function shownNumber(person: string): string | null {
  return phoneNumberSchema.safeParse(person).data ?? null
}
