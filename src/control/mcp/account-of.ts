import { DaemonError } from '../../protocol/errors.ts'
import type { CallMethod } from './call-method.ts'

/** The account that is meant: the one that is named, else the default one, by what was said there. Rejects with `DaemonError`. */
export async function accountOf(call: CallMethod, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  const { conversations } = await call('conversations.list', { limit: 1 })
  const [first] = conversations
  if (first !== undefined) return first.account
  throw new DaemonError('invalid_params', { message: 'Name the account: get_status lists them.' })
}
