import { type EditActions, editActions } from './edit-actions.ts'
import { type ListQuestions, listQuestions } from './list-questions.ts'
import type { LiveView } from '../state/live-view.ts'
import { type PairingDecisions, pairingDecisions } from '../state/pairing-decisions.ts'

/** What a person can do with one account beside linking it. Each resolves true when the daemon did it. */
export interface AccountEdits extends EditActions, ListQuestions, PairingDecisions {
  /** Adds another account; this one stays as it is. */
  create(id: string, name: string): Promise<boolean>
  /** `mayLoseLink` confirms the removal of files that cannot be read, which may hold a link. */
  remove(mayLoseLink: boolean): Promise<boolean>
  /** Sends a reply that failed again. */
  retryReply(messageId: string): Promise<boolean>
  /** Erases a reply that failed. */
  discardReply(messageId: string): Promise<boolean>
}

/** Those of `account`, run through `live`, which shows the action in progress and the last failure. */
export function accountEdits(live: LiveView, account: string): AccountEdits {
  const run: LiveView['perform'] = (action, work) => live.perform(action, work)
  return {
    create: (id, name) =>
      run('create', async (client) => {
        const created = await client.request('accounts.create', { id, name })
        live.dispatch({ type: 'account', account: created.account })
      }),
    remove: (mayLoseLink) =>
      run('remove', async (client) => {
        await client.request('accounts.remove', { account, ...(mayLoseLink && { confirm: ['link'] }) })
        live.dispatch({ type: 'removed', account })
      }),
    ...editActions(live, account),
    ...listQuestions(live, account),
    ...pairingDecisions(live, account),
    retryReply: (messageId) =>
      run(`reply ${messageId}`, (client) => client.request('outbox.retry', { account, messageId })),
    discardReply: (messageId) =>
      run(`reply ${messageId}`, (client) => client.request('outbox.discard', { account, messageId })),
  }
}
