import { HOSTED_DEVICE_ID } from '../account.ts'
import type { Account } from '../account.ts'
import { modeOf } from '../envelope.ts'
import { otherForm } from './dialled-form.ts'
import type { IqHandler, Query } from './iq-handler.ts'
import type { Stanza } from '../../wire/stanza.ts'
import { child, children, iqResult, stanza, text } from '../../wire/stanza.ts'

interface Subject {
  jid: string
  account: Account | undefined
}

type Protocol = (subject: Subject, query: Query) => Stanza | undefined

/** The questions about a user. Any other one is answered with an empty element. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  contact: ({ account }) => stanza('contact', { type: account === undefined ? 'out' : 'in' }),

  devices: ({ account }, { network }) => {
    if (account === undefined) return undefined
    if (account.isListRefused)
      return stanza('devices', {}, [stanza('error', { code: '404', text: 'item-not-found' })])
    network.unkeyedDevices?.asked(account)
    const devices = account.listedDeviceIds.map((deviceId) =>
      stanza('device', {
        id: String(deviceId),
        'key-index': deviceId === 0 ? undefined : String(deviceId),
        is_hosted: deviceId === HOSTED_DEVICE_ID ? 'true' : undefined,
      }),
    )
    return stanza('devices', {}, [stanza('device-list', {}, devices)])
  },

  lid: ({ jid, account }, { companion }) => {
    if (account === undefined || modeOf(jid) === 'lid') return undefined
    const isOwn = account === companion.account
    const isKnown = account.addressing === 'both'
    return isOwn || isKnown ? stanza('lid', { val: account.lid }) : undefined
  },
}

/** WhatsApp registers a person under one form of the number and finds them by each form; the answer has the registered one. */
function registeredJid(dialled: string, { network }: Query): string {
  const forms = [dialled, otherForm(dialled)].map((digits) => `${digits}@s.whatsapp.net`)
  return forms.find((jid) => network.directory.account(jid) !== undefined) ?? `${dialled}@s.whatsapp.net`
}

/** "User sync": which of these numbers are on WhatsApp, which devices they have, and their LIDs. */
export const answerUsync: IqHandler = (query) => {
  const usync = child(query.request, 'usync')
  const protocols = children(child(usync, 'query')).map(({ tag }) => tag)
  const users = children(child(usync, 'list'), 'user').map((user) => {
    const jid = user.attrs.jid ?? registeredJid(text(child(user, 'contact')).replace(/\D/g, ''), query)
    const subject = { jid, account: query.network.directory.account(jid) }
    const answers = protocols.map((protocol) => PROTOCOLS[protocol]?.(subject, query))
    return stanza(
      'user',
      { jid },
      answers.filter((answer) => answer !== undefined),
    )
  })
  const { sid, mode, context } = usync?.attrs ?? {}
  const content = [
    stanza(
      'result',
      {},
      protocols.map((protocol) => stanza(protocol)),
    ),
    stanza('list', {}, users),
  ]
  const answer = stanza('usync', { sid, index: '0', last: 'true', mode, context }, content)
  query.session.send(iqResult(query.request, [answer]))
}
