import { ACCOUNT_QUERIES, acknowledge } from './iq-account.ts'
import { answerGroupQuery } from './iq-groups.ts'
import type { IqHandler, Query } from './iq-handler.ts'
import { KEY_QUERIES } from './iq-keys.ts'
import { answerUsync } from './iq-usync.ts'
import { child, iqResult } from '../../wire/stanza.ts'

/** The client is ready: its backlog follows the answer. */
const becomeActive: IqHandler = ({ request, session }) => {
  session.send(iqResult(request))
  if (child(request)?.tag === 'active') session.activate()
}

/** The client unlinks itself. */
const removeSelf: IqHandler = ({ request, session, companion }) => {
  session.send(iqResult(request))
  if (child(request)?.tag === 'remove-companion-device') session.removeCompanion(companion)
}

const NAMESPACES: Readonly<Record<string, IqHandler>> = {
  ...ACCOUNT_QUERIES,
  'w:p': acknowledge,
  'w:g2': answerGroupQuery,
  encrypt: (query) => (KEY_QUERIES[child(query.request)?.tag ?? ''] ?? acknowledge)(query),
  passive: becomeActive,
  usync: answerUsync,
  md: removeSelf,
}

/** Answers a logged-in client's query; an unknown one gets an empty result. */
export function answerQuery(query: Query): void {
  const handler = NAMESPACES[query.request.attrs.xmlns ?? ''] ?? acknowledge
  handler(query)
}
