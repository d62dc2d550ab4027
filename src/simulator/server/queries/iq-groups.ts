import { groupStanza } from '../groups/group-stanza.ts'
import type { IqHandler } from './iq-handler.ts'
import { child, iqError, iqResult, stanza } from '../../wire/stanza.ts'

const FORBIDDEN = 403
const NOT_FOUND = 404
const BAD_REQUEST = 400

/** A linked client's questions about groups: about one of them, or the list of its groups. Changes are refused. */
export const answerGroupQuery: IqHandler = ({ request, companion, session, network }) => {
  const question = child(request)?.tag
  const { directory } = network
  if (question === 'participating') {
    const groups = directory.groupsOf(companion.account).map(groupStanza)
    return session.send(iqResult(request, [stanza('groups', {}, groups)]))
  }
  if (question !== 'query') return session.send(iqError(request, BAD_REQUEST, 'bad-request'))
  const group = directory.group(request.attrs.to)
  if (group === undefined) return session.send(iqError(request, NOT_FOUND, 'item-not-found'))
  if (!group.has(companion.account)) return session.send(iqError(request, FORBIDDEN, 'forbidden'))
  session.send(iqResult(request, [groupStanza(group)]))
}
