import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { equivalentNumber } from '../../access/numbers/equivalent-numbers.ts'
import { accountNotFound } from '../../protocol/account/account-not-found.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { channelSection } from '../read/channel-section.ts'
import type { Config } from '../model.ts'
import { ownList, toPersonEntry } from './edit-allow-from.ts'
import { editList } from './edit-list.ts'
import { entryWrittenAs } from './entry-written-as.ts'
import { editMembers, type NamedMembers } from './edit-members.ts'
import type { ConfigEdit } from './config-edit.ts'
import { mergeListChanges } from './merge-list-changes.ts'
import type { ConfigDocument } from '../document/config-document.ts'
import { meaningOf, putValue, takeValue, writtenPath } from './put-value.ts'
import { remoteKey, unwrapped } from './remote-key.ts'
import { withOwnRecords } from './own-records.ts'
import { refuseKeptEntries } from './refuse-kept-entries.ts'
import { refuseOverruled } from './refuse-overruled.ts'
import { valueAt } from './value-at.ts'
import { type Confirmation, wideningEffects } from './widening.ts'

/** Changes that are made in one text: of more, each would read more. */
const PART = 32
const MOST_PRESENTED_CHARACTERS = 65_536

/** One key to set or to take out, below the root of the channel or of one account. */
export interface SettingChange {
  /** Absent for what holds for every account that sets nothing itself. */
  account?: string | undefined
  path: readonly string[]
  /** A JSON value; absent where the key is taken out. */
  value?: unknown
  unset?: true | undefined
  /** Instead of `value`, for a list of numbers: entries that it gets, or loses. */
  add?: readonly string[] | undefined
  remove?: readonly string[] | undefined
}

/** Sets several keys, all of them or none, and only those that a dashboard may edit. */
export function settingsEdit(
  changes: readonly SettingChange[],
  confirmed: readonly Confirmation[],
): ConfigEdit {
  return {
    account: null,
    keys: changes.map(({ path: [key = ''] }) => key),
    prepare(current) {
      for (const { account, path, value, add, remove } of changes) {
        if (account !== undefined && !Object.hasOwn(current.accounts, account))
          throw accountNotFound(account, Object.keys(current.accounts))
        if (add !== undefined || remove !== undefined) requireList(path)
        else remoteKey(path)
        if (add !== undefined || value !== undefined) refuseOverruled(current, account, path[0] ?? '')
      }
    },
    apply: (document, current) => applyChanges(document, changes, current),
    check(before, after) {
      refuseChangedHeirs(before, after, changes)
      refuseKeptEntries(after, changes, (key, entry) => readEntry(key, entry, before))
      refuseUnconfirmed(before, after, confirmed)
    },
    present: (file) => ({ values: withinBounds(changes.map((change) => presentValue(file, change))) }),
  }
}

function applyChanges(
  document: ConfigDocument,
  changes: readonly SettingChange[],
  current: Config,
): ConfigDocument {
  const merged = mergeListChanges(changes, (key, entry) => readEntry(key, entry, current))
  let edited = withOwnRecords(document, merged)
  for (let from = 0; from < merged.length; from += PART) {
    const part = merged.slice(from, from + PART)
    edited = editMembers(edited, namedMembers(edited, part), (each) =>
      part.reduce((changed, change) => applyChange(changed, change, current), each),
    )
  }
  return edited
}

function applyChange(document: ConfigDocument, change: SettingChange, current: Config): ConfigDocument {
  const schema = remoteKey(change.path)
  if (change.add !== undefined || change.remove !== undefined) return withEntries(document, change, current)
  const path = writtenPath(document, baseOf(document, change.account), change.path)
  return change.unset === true
    ? takeValue(document, path, schema)
    : putValue(document, path, schema, change.value)
}

/** The members of objects that all of these changes have to do with; an object that one of them changes as a whole is not among them. */
function namedMembers(document: ConfigDocument, changes: readonly SettingChange[]): NamedMembers[] {
  const holders = new Map<string, { path: string[]; names: Set<string> } | null>()
  for (const { account, path } of changes) {
    const base = baseOf(document, account)
    const written = writtenPath(document, base, path)
    const holder = written.slice(0, base.length + 1)
    const name = written[base.length + 1]
    const id = JSON.stringify(holder)
    const found = holders.get(id)
    if (name === undefined || found === null) holders.set(id, null)
    else if (found === undefined) holders.set(id, { path: holder, names: new Set([name]) })
    else found.names.add(name)
  }
  return [...holders.values()].filter((holder) => holder !== null)
}

/** Throws `DaemonError` (`config_key_refused`) for what is no list of numbers. */
function requireList(path: readonly string[]): void {
  if (unwrapped(remoteKey(path)) instanceof z.ZodArray) return
  throw new DaemonError('config_key_refused', {
    message: `${path.join('.')} is no list: "add" and "remove" are for allowFrom and groupAllowFrom.`,
    action: 'Send the value as a whole.',
    details: { path: [...path], why: 'is no list' },
  })
}

/** The document with entries added to a list, or taken out of it; the others stay as they are. */
function withEntries(
  document: ConfigDocument,
  { account, path: [key = ''], add = [], remove = [] }: SettingChange,
  current: Config,
): ConfigDocument {
  const [list, start] =
    account === undefined
      ? [[...channelSection(document).path, key], document]
      : ownList(document, account, key)
  const removed = remove.flatMap((entry) => bothForms(readEntry(key, entry, current)))
  const edit =
    add.length > 0
      ? { kind: 'add' as const, entries: add.map((entry) => readEntry(key, entry, current)) }
      : { kind: 'remove' as const, entries: removed }
  const edited = editList(start, list, edit, (entry) => entryWrittenAs(current, entry) ?? meaningOf(entry))
  return edited === start ? document : edited
}

function readEntry(key: string, entry: string, current: Config): string {
  const written = entryWrittenAs(current, entry)
  if (written !== null) return written
  return key === 'allowFrom' ? toPersonEntry(entry) : meaningOf(entry)
}

/** A number that is removed must not stay allowed in its other form. */
function bothForms(entry: string): string[] {
  return [entry, equivalentNumber(entry) ?? entry]
}

/** An account that exists without being named is set at the root. */
function baseOf(document: ConfigDocument, account: string | undefined): readonly string[] {
  const section = channelSection(document).path
  const own = account === undefined ? section : [...section, 'accounts', account]
  return document.nodeAt(own) === null ? section : own
}

/** Values that do not fit into an error any more are left out: `tooLong` says so. */
function withinBounds(values: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  let left = MOST_PRESENTED_CHARACTERS
  return values.map(({ value, ...place }) => {
    if (value === undefined) return place
    left -= JSON.stringify(value).length
    return left < 0 ? { ...place, tooLong: true } : { ...place, value }
  })
}

function presentValue(file: ConfigDocument, { account, path }: SettingChange): Record<string, unknown> {
  const place = { ...(account === undefined ? {} : { account }), path: [...path] }
  const value = valueAt(file.value, writtenPath(file, baseOf(file, account), path), remoteKey(path))
  return value === undefined ? { ...place, unset: true } : { ...place, value }
}

/** In an OpenClaw file other accounts inherit from one of them: what is asked for that one must not change who may write to the others. */
function refuseChangedHeirs(before: Config, after: Config, changes: readonly SettingChange[]): void {
  if (after.tool !== 'openclaw') return
  const named = new Set(changes.map(({ account }) => account))
  if (named.has(undefined)) return
  const heirs = Object.keys(before.accounts).filter((id) => {
    const [old, now] = [before.accounts[id], after.accounts[id]]
    return (
      !named.has(id) && !isDeepStrictEqual([old?.access, old?.groupAccess], [now?.access, now?.groupAccess])
    )
  })
  if (heirs.length === 0) return
  throw new DaemonError('config_key_refused', {
    message: `This would also change who may write to ${heirs.join(', ')}: this file is OpenClaw's, in which accounts inherit from accounts.default.`,
    action: 'Give those accounts settings of their own first.',
    details: { path: [...(changes[0]?.path ?? [])], why: 'is inherited by other accounts' },
  })
}

function refuseUnconfirmed(before: Config, after: Config, confirmed: readonly Confirmation[]): void {
  const missing = wideningEffects(before, after).filter(({ what }) => !confirmed.includes(what))
  const [first] = missing
  if (first === undefined) return
  throw new DaemonError('confirmation_required', {
    message: first.message,
    details: {
      confirm: [...new Set(missing.map(({ what }) => what))],
      accounts: [...new Set(missing.flatMap(({ accounts }) => accounts))],
    },
  })
}
