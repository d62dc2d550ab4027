import type { WhatsappdClient } from '../../../client/client.ts'
import { RequestError } from '../../../client/request-error.ts'
import type { BlockedSender } from './card-state.ts'
import type { NumbersDraft } from './card-ui.ts'
import type { LiveView } from './live-view.ts'
import { isLongList, mergeNumbers } from './number-list.ts'

/** What a person can do with one account. Each resolves true when the daemon did it. */
export interface CardActions {
  link(): Promise<boolean>
  linkByCode(phoneNumber: string): Promise<boolean>
  cancelLink(): Promise<boolean>
  reconnect(): Promise<boolean>
  /** Takes the link over from another process. */
  takeOver(): Promise<boolean>
  /** Takes over the link that another program left in the account's directory. */
  importLink(): Promise<boolean>
  disconnect(): Promise<boolean>
  setEnabled(enabled: boolean): Promise<boolean>
  /** Adds another account; this one stays as it is. */
  create(id: string, name: string): Promise<boolean>
  /** `mayLoseLink` confirms the removal of files that cannot be read, which may hold a link. */
  remove(mayLoseLink: boolean): Promise<boolean>
  allow(phoneNumber: string): Promise<boolean>
  /** Resolves `null` when saved; else the draft to continue with, merged with what somebody else saved first. */
  setAllowFrom(draft: NumbersDraft): Promise<NumbersDraft | null>
  /** Sets a key of the account, or removes it (`undefined`). */
  change(path: string[], value: unknown): Promise<boolean>
  allowEverybody(everybody: boolean): Promise<boolean>
}

interface Change {
  path: string[]
  value?: unknown
  add?: string[]
  remove?: string[]
}

const SLOW = { timeoutMs: 60_000 }

/** The actions of `account`, run through `live`, which shows the action in progress and the last failure. */
export function cardActions(live: LiveView, account: string): CardActions {
  const run = (action: string, work: (client: WhatsappdClient) => Promise<unknown>): Promise<boolean> =>
    live.perform(action, work)
  const link = (action: string, how: { method: 'qr' } | { method: 'code'; phoneNumber: string }) =>
    run(action, async (client) => {
      const offer = await client.request('accounts.link', { account, ...how }, SLOW)
      live.dispatch({ type: 'offer', offer })
    })
  const slow =
    (action: string, method: 'accounts.reconnect' | 'accounts.import' | 'accounts.disconnect') => () =>
      run(action, (client) => client.request(method, { account }, SLOW))
  const update = (changes: () => Change[], confirm: ('everybody' | 'nobody')[] = []) =>
    run('change', (client) => updateConfig(live, changes(), client, account, confirm))
  return {
    link: () => link('link', { method: 'qr' }),
    linkByCode: (phoneNumber) => link('linkByCode', { method: 'code', phoneNumber }),
    cancelLink: () => run('cancelLink', (client) => client.request('accounts.cancelLink', { account })),
    reconnect: slow('reconnect', 'accounts.reconnect'),
    takeOver: () =>
      run('takeOver', (client) =>
        client.request(
          client.can('accounts.takeOver') ? 'accounts.takeOver' : 'accounts.reconnect',
          { account },
          SLOW,
        ),
      ),
    importLink: slow('importLink', 'accounts.import'),
    disconnect: slow('disconnect', 'accounts.disconnect'),
    setEnabled: (enabled) =>
      run('setEnabled', (client) => client.request('accounts.setEnabled', { account, enabled })),
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
    allow: (phoneNumber) => allowNumber(live, account, phoneNumber),
    setAllowFrom: (draft) =>
      draft.removed === null && !draft.base.some(isVariable)
        ? setAllowFrom(live, account, draft)
        : changeAllowFrom(live, account, draft),
    change: (path, value) => update(() => [{ path, value }]),
    allowEverybody: (everybody) =>
      update(
        () => [
          { path: ['dmPolicy'], value: everybody ? 'open' : 'allowlist' },
          everybodyListed(live, account, everybody),
        ],
        [everybody ? 'everybody' : 'nobody'],
      ),
  }
}

function allowNumber(live: LiveView, account: string, phoneNumber: string): Promise<boolean> {
  return live.perform(`allow ${phoneNumber}`, async (client) => {
    const result = await client.request('config.addAllowFrom', { account, allowFrom: [phoneNumber] })
    live.dispatch({ type: 'allowFrom', account, ...result })
    // The answer holds only the first numbers of a long list, perhaps not the new one.
    const isThem = (sender: BlockedSender): boolean =>
      sender.account === account && sender.phoneNumber === phoneNumber
    for (const blocked of live.state.blocked.filter(isThem))
      live.dispatch({ type: 'blockedDismissed', blocked })
  })
}

/** Adds or removes the `*`. Older daemons accept only the whole list. */
function everybodyListed(live: LiveView, account: string, everybody: boolean): Change {
  const path = ['allowFrom']
  const settings = live.state.config?.accounts[account]
  if (settings?.allowFromComplete !== undefined)
    return everybody ? { path, add: ['*'] } : { path, remove: ['*'] }
  const listed = allowFromOf(live, account).filter((number) => number !== '*')
  return { path, value: everybody ? [...listed, '*'] : listed }
}

function allowFromOf(live: LiveView, account: string): string[] {
  return live.state.config?.accounts[account]?.allowFrom ?? []
}

async function readConfig(live: LiveView, client: WhatsappdClient) {
  const config = await client.request('config.get', {})
  live.dispatch({ type: 'config', config })
  return config
}

async function setAllowFrom(
  live: LiveView,
  account: string,
  draft: NumbersDraft,
): Promise<NumbersDraft | null> {
  let merged: NumbersDraft | null = null
  const isDone = await live.perform('setAllowFrom', async (client) => {
    const { numbers, revision, base } = draft
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
      const theirs = allowFromOf(live, account)
      const settings = config.accounts[account]
      const isLong = settings !== undefined && isLongList(settings)
      merged = {
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
  return isDone ? null : { base, numbers, revision: undefined, isMerged: false, removed }
}

/** Saves on top of somebody else's edit only where that edit left this account unchanged. */
async function updateConfig(
  live: LiveView,
  changes: readonly Change[],
  client: WhatsappdClient,
  account: string,
  confirm: ('everybody' | 'nobody')[],
): Promise<void> {
  const before = live.state.config
  const save = (revision: string | undefined): Promise<unknown> =>
    client.request('config.update', {
      changes: changes.map(({ value, ...change }) => {
        const isEntries = change.add !== undefined || change.remove !== undefined
        return { account, ...change, ...(isEntries ? {} : value === undefined ? { unset: true } : { value }) }
      }),
      confirm,
      ...(revision === undefined ? {} : { revision }),
    })
  try {
    await save(before?.revision)
  } catch (error) {
    if (!isConflict(error)) throw error
    const now = await readConfig(live, client)
    const [one, other] = [before, now].map((config) => JSON.stringify(config?.accounts[account]))
    if (one !== other) throw error
    await save(now.revision)
  }
  await readConfig(live, client)
}

function isConflict(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'config_conflict'
}
