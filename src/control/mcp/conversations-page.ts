import type { ConversationView } from '../../protocol/conversations/conversation-view.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { CallMethod } from './call-method.ts'

const PAGE = 50
const CURSOR = /^([\w-]{1,64})\.([\w-]{0,200})$/

export interface ConversationsPage {
  conversations: readonly ConversationView[]
  /** For the next page; `null` at the end. */
  next: string | null
}

/** `account`: `undefined` for the default one. */
interface Place {
  account: string | undefined
  cursor: string | undefined
}

/**
 * A page of the conversations of all accounts, one account after the other; of the default one alone where the token does not name the
 * others (scope `read`). Rejects with `DaemonError` for a cursor that is none, and as `conversations.list` does.
 */
export async function conversationsPage(
  call: CallMethod,
  cursor: string | undefined,
): Promise<ConversationsPage> {
  const accounts = await accountIds(call)
  let place: Place = cursor === undefined ? { account: accounts[0], cursor: undefined } : placeOf(cursor)
  for (;;) {
    const page = await pageOf(call, place, accounts.length > 1)
    const next = placeAfter(place, page.cursor, accounts)
    if (page.conversations.length > 0 || next === null)
      return { conversations: page.conversations, next: next && `${next.account ?? ''}.${next.cursor ?? ''}` }
    place = next
  }
}

function placeAfter({ account }: Place, cursor: string | null, accounts: readonly string[]): Place | null {
  if (cursor !== null) return { account, cursor }
  const following = account === undefined ? undefined : accounts[accounts.indexOf(account) + 1]
  return following === undefined ? null : { account: following, cursor: undefined }
}

/** Of several accounts one whose files are closed now has none. */
async function pageOf(
  call: CallMethod,
  { account, cursor }: Place,
  isOneOfSeveral: boolean,
): Promise<{ conversations: readonly ConversationView[]; cursor: string | null }> {
  try {
    return await call('conversations.list', {
      limit: PAGE,
      ...(account !== undefined && { account }),
      ...(cursor !== undefined && { cursor }),
    })
  } catch (error) {
    if (isOneOfSeveral && cursor === undefined) return { conversations: [], cursor: null }
    throw error
  }
}

/** Empty without scope `read`. */
async function accountIds(call: CallMethod): Promise<string[]> {
  const ids: string[] = []
  try {
    for (;;) {
      const after = ids.at(-1)
      const { accounts, total = 0 } = await call('accounts.list', after === undefined ? {} : { after })
      ids.push(...accounts.map(({ account }) => account))
      if (accounts.length === 0 || ids.length >= total) return ids
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'forbidden') return []
    throw error
  }
}

function placeOf(text: string): Place {
  const [, account, cursor] = CURSOR.exec(text) ?? /^()\.([\w-]{1,200})$/.exec(text) ?? []
  if (account === undefined)
    throw new DaemonError('invalid_params', { message: 'This is no cursor of the list of resources.' })
  return { account: account || undefined, cursor: cursor || undefined }
}
