import type { MethodName, MethodParams } from '../../src/protocol/methods.ts'

/** Whom and what the calls name. */
export interface NamedThings {
  /** The number of somebody who is allowed. */
  person: string
  /** The number of somebody who is not. */
  stranger: string
  /** Of a message in the outbox, and of one that is discarded or read. */
  message: string
  otherMessage: string
  /** An account that may be removed. */
  account: string
}

/** Parameters that each method takes; a new method fails to compile until it has some here. */
export function methodParams({ person, stranger, message, otherMessage, account }: NamedThings): {
  readonly [Name in MethodName]: MethodParams<Name>
} {
  const conversation = person
  return {
    'session.authenticate': { token: 'none' },
    'session.prove': { challenge: 'sixteen characters and more' },
    'session.createLoginLink': {},
    'session.subscribe': { since: 0 },
    'session.ping': {},
    'accounts.list': {},
    'accounts.activity': { since: '2026-01-02T00:00:00.000Z' },
    'accounts.ignoreSender': { phoneNumber: '+15550001111' },
    'accounts.link': {},
    'accounts.cancelLink': {},
    'accounts.passkey.get': {},
    'accounts.passkey.answer': { ceremonyId: 'none', assertion: '{}' },
    'accounts.passkey.confirm': { ceremonyId: 'none' },
    'accounts.connectBusiness': {},
    'accounts.reconnect': {},
    'accounts.disconnect': {},
    'accounts.setEnabled': { enabled: true },
    'accounts.takeOver': {},
    'accounts.import': {},
    'accounts.create': { id: 'third', name: 'Third' },
    'accounts.remove': { account },
    'agent.attach': { agent: 'ada' },
    'agent.delta': { turn: 'x', text: 'hello' },
    'agent.part': { turn: 'x', part: { type: 'reaction', emoji: '👍' } },
    'agent.done': { turn: 'x' },
    'agent.fail': { turn: 'x' },
    'agents.list': {},
    'config.get': {},
    'config.listEntries': { list: 'allowFrom' },
    'config.addAllowFrom': { allowFrom: [stranger] },
    'config.removeAllowFrom': { allowFrom: [stranger] },
    'config.setAllowFrom': { allowFrom: [person] },
    'config.update': { changes: [{ path: 'typing', value: false }] },
    'conversations.list': {},
    'conversations.get': { conversation },
    'conversations.messages': { conversation },
    'conversations.search': { text: 'hello' },
    'conversations.text': { conversation, messageId: otherMessage },
    'conversations.takeOver': { conversation },
    'conversations.resume': { conversation },
    'conversations.setAssistant': { conversation, on: true },
    'conversations.markRead': { conversation },
    'conversations.contactFields': {},
    'conversations.setContact': { conversation, fields: { name: 'Ann' } },
    'conversations.forget': { conversation, confirm: true },
    'messages.send': { to: person, text: 'hello' },
    'messages.get': { messageId: message },
    'messages.react': { conversation, messageId: message, emoji: '👍' },
    'messages.edit': { messageId: message, text: 'hello you' },
    'messages.revoke': { messageId: message },
    'outbox.list': {},
    'outbox.retry': { messageId: message },
    'outbox.discard': { messageId: otherMessage },
    'pairing.list': {},
    'pairing.request': { phoneNumber: stranger },
    'pairing.approve': { code: 'ABCD-EFGH' },
    'pairing.reject': { code: 'ABCD-EFGH' },
    'templates.list': {},
    'usage.get': {},
    'webhooks.list': {},
    'webhooks.retry': { webhook: 'wh_0123456789ab' },
    'webhooks.test': { webhook: 'wh_0123456789ab' },
  }
}
