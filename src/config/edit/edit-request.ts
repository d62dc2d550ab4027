import { DaemonError } from '../../protocol/errors.ts'
import { createAccountEdit, removeAccountEdit } from './edit-accounts.ts'
import { type AllowFromEdit, allowFromEdit } from './edit-allow-from.ts'
import { enabledEdit } from './edit-enabled.ts'
import { type SettingChange, settingsEdit } from './edit-settings.ts'
import type { ConfigEdit } from './config-edit.ts'
import type { Confirmation } from './widening.ts'

/** What an edit of the file is to do, as plain data, so that another thread can work it out. */
interface EditRequests {
  allowFrom: AllowFromEdit
  enabled: { account: string; enabled: boolean }
  settings: { changes: readonly SettingChange[]; confirmed: readonly Confirmation[] }
  createAccount: { id: string; name: string | null }
  removeAccount: { account: string }
}

export type EditRequest = {
  [Kind in keyof EditRequests]: { edit: Kind; request: EditRequests[Kind] }
}[keyof EditRequests]

const EDITS: { [Kind in keyof EditRequests]: (request: EditRequests[Kind]) => ConfigEdit } = {
  allowFrom: allowFromEdit,
  enabled: ({ account, enabled }) => enabledEdit(account, enabled),
  settings: ({ changes, confirmed }) => settingsEdit(changes, confirmed),
  createAccount: ({ id, name }) => createAccountEdit(id, name),
  removeAccount: ({ account }) => removeAccountEdit(account),
}

export function configEditOf({ edit, request }: EditRequest): ConfigEdit {
  // The table's key is the request's own kind, so the row takes exactly this request.
  const create = EDITS[edit] as (request: EditRequest['request']) => ConfigEdit
  return create(request)
}

/** More edits wait for their turn than there are places. */
export function tooManyEdits(): DaemonError {
  return new DaemonError('rate_limited', { action: 'Wait until the edits before this one are done.' })
}
