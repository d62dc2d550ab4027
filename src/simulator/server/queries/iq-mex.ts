import { QueryIds } from '@whiskeysockets/baileys'
import type { Account } from '../account.ts'
import type { IqHandler } from './iq-handler.ts'
import { reachoutState } from '../reachout-notice.ts'
import { child, iqError, iqResult, stanza } from '../../wire/stanza.ts'

/** Questions in the form of GraphQL, by the id of the stored query. Others are refused. */
const ANSWERS: Readonly<Record<string, (account: Account) => unknown>> = {
  [QueryIds.REACHOUT_TIMELOCK]: (account) => ({
    xwa2_fetch_account_reachout_timelock: reachoutState(account),
  }),
}

export const answerMex: IqHandler = ({ request, session, companion }) => {
  const answer = ANSWERS[child(request, 'query')?.attrs.query_id ?? '']
  if (answer === undefined) return session.send(iqError(request, 400, 'bad-request'))
  const body = Buffer.from(JSON.stringify({ data: answer(companion.account) }))
  session.send(iqResult(request, [stanza('result', {}, body)]))
}
