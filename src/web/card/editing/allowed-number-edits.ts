import type { WhatsappdClient } from '../../../client/client.ts'
import { type BlockedSender, entryOf } from '../state/card-state.ts'
import type { NumbersDraft } from '../state/card-ui.ts'
import type { LiveView } from '../state/live-view.ts'
import { isLongList, mergeNumbers } from '../state/number-list.ts'
import { isConflict, readConfig } from './read-config.ts'
import { saveSettings } from './save-settings.ts'
import { isSenderKnown, mayName, nameOf, senderChange } from '../state/sender-names.ts'

/** What one `config.update` takes. */
const MOST_CHANGES = 100

/** The edits of who may talk to the assistant, and of what they are called; they come with the script of the dialog. */
export interface AllowedNumberEdits {
  /** Allows `entry`, and gives it `name`, unless it has one. Rejects when the daemon refuses. */
  allow(client: WhatsappdClient, entry: string, name: string | null): Promise<void>
  /** Resolves `null` when saved; else the draft to continue with, merged with what somebody else saved first. */
  setAllowFrom(draft: NumbersDraft): Promise<NumbersDraft | null>
}

export function allowedNumberEdits(live: LiveView, account: string): AllowedNumberEdits {
  return {
    async allow(client, entry, name) {
      const result = await client.request('config.addAllowFrom', { account, allowFrom: [entry] })
      live.dispatch({ type: 'allowFrom', account, ...result })
      // The answer holds only the first numbers of a long list, perhaps not the new one.
      const isThem = (sender: BlockedSender): boolean =>
        sender.account === account && entryOf(sender) === entry
      for (const blocked of live.state.blocked.filter(isThem))
        live.dispatch({ type: 'blockedDismissed', blocked })
      if (name !== null) await nameNewcomer(live, client, account, entry, name)
    },
    async setAllowFrom(draft) {
      if (draft.account !== account) return draft
      const isWhole = draft.removed === null && !draft.base.some(isVariable)
      const left = await (isWhole ? setAllowFrom : changeAllowFrom)(live, account, draft)
      return left ?? setNames(live, account, draft)
    },
  }
}

/** The person is allowed, whether or not their name can be written. */
async function nameNewcomer(
  live: LiveView,
  client: WhatsappdClient,
  account: string,
  number: string,
  name: string,
): Promise<void> {
  const { config } = live.state
  const settings = config?.accounts[account]
  if (!mayName(config, account) || !client.can('config.update')) return
  if (nameOf(settings, number) !== '' || !isSenderKnown(settings, number)) return
  const changes = [senderChange(settings, number, { name })]
  await saveSettings(live, client, { account, changes }).catch(() => {})
}

async function setNames(live: LiveView, account: string, draft: NumbersDraft): Promise<NumbersDraft | null> {
  const settings = live.state.config?.accounts[account]
  const changes = Object.entries(draft.names)
    .filter(([number]) => draft.removed !== null || draft.numbers.includes(number))
    .filter(([number, name]) => !isSenderKnown(settings, number) || name.trim() !== nameOf(settings, number))
    .map(([number, name]) => senderChange(settings, number, { name: name.trim() }))
  if (changes.length === 0) return null
  const isDone = await live.perform('setNames', async (client) => {
    for (let from = 0; from < changes.length; from += MOST_CHANGES)
      await saveSettings(live, client, { account, changes: changes.slice(from, from + MOST_CHANGES) })
  })
  if (isDone) return null
  // The list itself is saved, and is the base of the next edit, unless somebody has changed it since.
  const { config } = live.state
  const isOurs = isSameList(config?.accounts[account]?.allowFrom ?? [], draft.numbers)
  const revision = isOurs ? config?.revision : draft.revision
  return { ...draft, base: draft.numbers, removed: draft.removed && [], revision }
}

async function setAllowFrom(
  live: LiveView,
  account: string,
  draft: NumbersDraft,
): Promise<NumbersDraft | null> {
  const { numbers, revision, base } = draft
  if (isSameList(base, numbers)) return null
  let merged: NumbersDraft | null = null
  const isDone = await live.perform('setAllowFrom', async (client) => {
    try {
      const based = revision === undefined ? {} : { revision }
      const result = await client.request('config.setAllowFrom', {
        account,
        allowFrom: [...numbers],
        ...based,
      })
      live.dispatch({ type: 'allowFrom', account, ...result })
    } catch (error) {
      if (!isConflict(error)) throw error
      const config = await readConfig(live, client)
      const settings = config.accounts[account]
      const theirs = settings?.allowFrom ?? []
      const isLong = settings !== undefined && isLongList(settings)
      merged = {
        ...draft,
        base: theirs,
        numbers: mergeNumbers(base, numbers, theirs),
        revision: config.revision,
        isMerged: true,
        removed: isLong ? base.filter((number) => ![...numbers, ...theirs].includes(number)) : null,
      }
    }
  })
  return isDone ? merged : draft
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, index) => entry === other[index])
}

/** An entry that the file's owner has put into a variable: it can be removed, and not be sent as a part of a new list. */
function isVariable(entry: string): boolean {
  return entry.includes('${')
}

/**
 * Adds and removes single numbers of a list that cannot be sent, because it is too long or has variables in it; simultaneous changes of
 * others are kept.
 */
async function changeAllowFrom(
  live: LiveView,
  account: string,
  draft: NumbersDraft,
): Promise<NumbersDraft | null> {
  const { base, numbers, removed } = draft
  const [before, after] = [new Set(base), new Set(numbers)]
  const added = numbers.filter((number) => !before.has(number))
  const gone = [...base.filter((number) => !after.has(number)), ...(removed ?? [])]
  const isDone = await live.perform('setAllowFrom', async (client) => {
    for (const [method, allowFrom] of [
      ['config.addAllowFrom', added],
      ['config.removeAllowFrom', gone],
    ] as const) {
      if (allowFrom.length === 0) continue
      const result = await client.request(method, { account, allowFrom })
      live.dispatch({ type: 'allowFrom', account, ...result })
    }
  })
  return isDone ? null : { ...draft, revision: undefined }
}
