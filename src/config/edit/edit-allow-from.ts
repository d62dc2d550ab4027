import { isDeepStrictEqual } from 'node:util'
import { asSet } from '../../access/list-entries.ts'
import { equivalentNumber } from '../../access/numbers/equivalent-numbers.ts'
import { readIdEntry } from '../../access/numbers/id-entry.ts'
import { numberOfAddress } from '../../access/numbers/number-address.ts'
import { normalizePhoneNumber } from '../../access/numbers/phone-number.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { entryAsWritten } from '../as-written.ts'
import type { Config } from '../model.ts'
import { channelSection } from '../read/channel-section.ts'
import { editList, isEntry } from './edit-list.ts'
import { entryWrittenAs } from './entry-written-as.ts'
import type { ConfigDocument } from '../document/config-document.ts'
import { memberNames } from '../document/json5-tree.ts'
import { setValue } from '../document/set-value.ts'
import type { ConfigEdit } from './config-edit.ts'
import { refuseOverruled } from './refuse-overruled.ts'
import { sharedAccount, withoutHeirs } from './shared-account.ts'
import { EVERYBODY } from '../read/people/read-allow-from.ts'

/** Entries that an error tells of at most. */
const MOST_PRESENTED = 5_000
const SHOWN_OF_MORE = 500

export interface AllowFromEdit {
  kind: 'add' | 'remove' | 'set'
  account: string
  /** In any notation, an id (`lid:…`, `bsuid:…`), or "*". */
  numbers: readonly string[]
}

/**
 * Edits the list of the account. Where other accounts use the list of all too, the account gets its own, which begins with the entries
 * of that one: an edit of one account must not change who may write to another.
 */
export function allowFromEdit({ kind, account, numbers }: AllowFromEdit): ConfigEdit {
  return {
    account,
    keys: ['allowFrom'],
    prepare(current) {
      if (kind !== 'remove') refuseOverruled(current, account, 'allowFrom')
    },
    apply(document, current) {
      const [path, start] = ownList(document, account, 'allowFrom')
      const entries = namedBy(kind, numbers, current, account)
      const edited = editList(
        start,
        path,
        { kind, entries },
        (entry) => entryWrittenAs(current, entry) ?? allowedEntry(entry),
      )
      // Nothing to change is no reason for a list of its own.
      return edited === start ? document : edited
    },
    check(before, after) {
      for (const [id, { access }] of Object.entries(before.accounts)) {
        if (id !== account && !isDeepStrictEqual(access, after.accounts[id]?.access))
          // Somebody has saved the file, and it is not in force yet.
          throw new DaemonError('config_conflict')
      }
      const allowed = asSet(listOfAccount(after, account))
      if (allowed.has(EVERYBODY)) return
      const named = new Set(namedBy(kind, numbers, before, account))
      const isDone = {
        add: () => [...named].every((number) => allowed.has(number)),
        remove: () => [...named].every((number) => !allowed.has(number)),
        set: () => named.size === allowed.size && [...named].every((number) => allowed.has(number)),
      }
      if (!isDone[kind]()) throw new Error('the edit did not lead to the list that was asked for')
    },
    present: (_file, current) => presentList(shownList(current, account)),
  }
}

/** The list in force, E.164. */
function listOfAccount({ accounts }: Config, account: string): readonly string[] {
  return accounts[account]?.access.allowFrom ?? []
}

/** The same as it may be shown. */
function shownList({ accounts }: Config, account: string): readonly string[] {
  const settings = accounts[account]
  const list = settings?.access.allowFrom ?? []
  return settings === undefined ? list : list.map((entry) => entryAsWritten(settings, 'allowFrom', entry))
}

/** What is `listed` is a number already. A number that is removed must not stay allowed in its other form. */
function namedBy(
  kind: AllowFromEdit['kind'],
  numbers: readonly string[],
  current: Config,
  account: string,
): string[] {
  const known = asSet(listOfAccount(current, account))
  const named = numbers.map((number) =>
    known.has(number) ? number : (entryWrittenAs(current, number) ?? toPersonEntry(number)),
  )
  return kind === 'remove' ? named.flatMap((number) => [number, equivalentNumber(number) ?? number]) : named
}

/** What fits into an error: the whole list, or the first of a long one. */
function presentList(list: readonly string[]): Record<string, unknown> {
  const isComplete = list.length <= MOST_PRESENTED
  return {
    allowFrom: isComplete ? [...list] : list.slice(0, SHOWN_OF_MORE),
    allowFromTotal: list.length,
    allowFromComplete: isComplete,
  }
}

/**
 * The path of the list `key` of the account, and the document that has it there: where other accounts use the list of all too, the
 * account gets its own, which begins with the entries of that one.
 */
export function ownList(
  document: ConfigDocument,
  account: string,
  key: string,
): [path: readonly string[], document: ConfigDocument] {
  const start = sharedAccount(document) === account ? withoutHeirs(document, account, key) : document
  const { path, shared } = listOf(start, account, key)
  return [path, shared === null ? start : setValue(start, path, shared)]
}

/** The path of the list of the account, also of one to create; `shared` holds the entries that a new list begins with. */
function listOf(
  document: ConfigDocument,
  account: string,
  key: string,
): { path: readonly string[]; shared: readonly (string | number)[] | null } {
  const section = channelSection(document).path
  const own = [...section, 'accounts', account, key]
  if (document.nodeAt(own) !== null) return { path: own, shared: null }
  const inherited = [...section, 'accounts', sharedAccount(document) ?? '', key]
  const isInherited = document.nodeAt(inherited) !== null
  const root = isInherited ? inherited : [...section, key]
  const accounts = document.nodeAt([...section, 'accounts'])
  const others = accounts?.type === 'object' ? memberNames(accounts).filter((id) => id !== account) : []
  const isShared =
    isInherited || others.some((id) => document.nodeAt([...section, 'accounts', id, key]) === null)
  if (!isShared) return { path: root, shared: null }
  const list = document.nodeAt(root)
  if (list?.type !== 'array') return { path: own, shared: null }
  return { path: own, shared: list.value.filter(isEntry) }
}

/** What an entry of the list means: E.164, `lid:<digits>`, `bsuid:<id>` or "*"; `null` when it is none of these. */
export function allowedEntry(entry: string | number): string | null {
  if (entry === EVERYBODY) return EVERYBODY
  const number = normalizePhoneNumber(entry)
  return number.ok ? number.e164 : (numberOfAddress(entry) ?? readIdEntry(entry))
}

/** E.164, `lid:<digits>` or `bsuid:<id>`. Throws `DaemonError` (`invalid_phone_number`) for what names no possible person. */
export function toPersonEntry(value: string): string {
  if (value === EVERYBODY) return value
  const number = normalizePhoneNumber(value)
  if (number.ok) return number.e164
  const addressed = numberOfAddress(value) ?? readIdEntry(value)
  if (addressed !== null) return addressed
  throw new DaemonError('invalid_phone_number', {
    message: `Not a possible phone number: ${number.message}.`,
    details: { value, reason: number.code },
  })
}
