import type { LiveView } from '../state/live-view.ts'
import { NUMBERS_LISTED } from '../state/number-list.ts'

/** What is asked about the lists that the daemon did not send as a whole. */
export interface ListQuestions {
  /** Shows the numbers that `filter` is a part of, as many as the dialog lists. */
  findNumbers(filter: string): Promise<void>
  /** Shows what `senders` says of `number`. */
  findSender(number: string): Promise<void>
}

export function listQuestions(live: LiveView, account: string): ListQuestions {
  return {
    async findNumbers(filter) {
      const list = 'allowFrom'
      const page = await live.read((client) =>
        client.request('config.listEntries', { account, list, filter, limit: NUMBERS_LISTED }),
      )
      const { entries: numbers = [], names = {}, total = 0 } = page ?? {}
      live.dispatch({
        type: 'found',
        found: { account, filter, numbers, names, total, isRefused: page === null },
      })
    },
    async findSender(number) {
      const asked = { account, number, revision: live.state.config?.revision, entry: null }
      live.dispatch({ type: 'sender', sender: asked })
      const page = await live.read((client) =>
        client.request('config.listEntries', { account, list: 'senders', filter: number }),
      )
      if (page === null) return
      const { agent, name } = page.values[number] ?? {}
      const entry = {
        agent: typeof agent === 'string' ? agent : null,
        name: typeof name === 'string' ? name : null,
      }
      live.dispatch({ type: 'sender', sender: { ...asked, entry } })
    },
  }
}
