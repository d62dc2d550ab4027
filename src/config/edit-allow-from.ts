import { normalizePhoneNumber } from '../access/phone-number.ts'
import { DaemonError } from '../protocol/errors.ts'
import { channelSection } from './channel-section.ts'
import { editList } from './edit-list.ts'
import type { FileEdit } from './file-edit.ts'
import { nodeAt, parseConfig } from './parse.ts'
import { EVERYBODY } from './read-allow-from.ts'

export interface AllowFromEdit {
  kind: 'add' | 'remove' | 'set'
  account: string
  /** In any notation, or "*". */
  numbers: readonly string[]
}

/** Edits the list that is in force for the account: its own, or the one of all. */
export function allowFromEdit({ kind, account, numbers }: AllowFromEdit): FileEdit {
  return {
    account,
    apply(text) {
      const parsed = parseConfig(text)
      const section = channelSection(parsed).path
      const own = [...section, 'accounts', account, 'allowFrom']
      const path = nodeAt(parsed.root, own) === null ? [...section, 'allowFrom'] : own
      return editList(text, path, { kind, entries: numbers.map(toE164) }, allowedEntry)
    },
    check(_before, after) {
      const allowed = new Set(after.accounts[account]?.access.allowFrom)
      if (allowed.has(EVERYBODY)) return
      const named = new Set(numbers.map(toE164))
      const isDone = {
        add: () => [...named].every((number) => allowed.has(number)),
        remove: () => [...named].every((number) => !allowed.has(number)),
        set: () => named.size === allowed.size && [...named].every((number) => allowed.has(number)),
      }
      if (!isDone[kind]()) throw new Error('the edit did not lead to the list that was asked for')
    },
    present: (_file, current) => ({ allowFrom: [...(current.accounts[account]?.access.allowFrom ?? [])] }),
  }
}

/** What an entry of the list stands for: E.164 or "*"; `null` when it is neither. */
export function allowedEntry(entry: string | number): string | null {
  if (entry === EVERYBODY) return EVERYBODY
  const number = normalizePhoneNumber(entry)
  return number.ok ? number.e164 : null
}

/** Throws `DaemonError` (`invalid_phone_number`) for what is no possible number. */
export function toE164(value: string): string {
  if (value === EVERYBODY) return value
  const number = normalizePhoneNumber(value)
  if (number.ok) return number.e164
  throw new DaemonError('invalid_phone_number', {
    message: `Not a possible phone number: ${number.message}.`,
    details: { value, reason: number.code },
  })
}
