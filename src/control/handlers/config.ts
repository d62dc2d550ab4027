import { asSet } from '../../access/list-entries.ts'
import { isUnknownPlan, writtenNumber } from '../../access/numbers/number-address.ts'
import { senderNameOf } from '../../config/as-written.ts'
import { allowedEntry } from '../../config/edit/edit-allow-from.ts'
import type { Config, ConfigEditor, ConfigSource } from '../../config/model.ts'
import { accountNotFound } from '../../protocol/account/account-not-found.ts'
import type { MethodResult, ParsedParams } from '../../protocol/methods.ts'
import { listPage, shownLists } from '../views/config-lists.ts'
import { buildConfigView } from '../views/build-config-view.ts'
import type { AuthReport } from '../views/build-config-view.ts'
import type { EditBudget } from '../limits/edit-budget.ts'
import { refuseHiddenReplacement } from './refuse-hidden-replacement.ts'
import type { AccountsPort } from '../ports.ts'
import { resolveAccount } from './resolve-account.ts'
import { shownChanges } from '../views/shown-changes.ts'
import type { ClientSession, NamespaceHandlers } from './handler.ts'

type Edit = 'addAllowFrom' | 'removeAllowFrom' | 'setAllowFrom'

export interface ConfigHandlerDeps {
  config: ConfigSource & ConfigEditor
  configPath: () => string | null
  /** What is wrong with keys and tokens now. */
  authReport: () => AuthReport
  editBudget: EditBudget
  /** Numbers, E.164, that WhatsApp reported as those of people who wrote to the account and were not allowed; a few hundred at most. */
  blockedNumbers: (account: string) => ReadonlySet<string>
  accounts: Pick<AccountsPort, 'allowAgain'>
}

export function configHandlers(deps: ConfigHandlerDeps): NamespaceHandlers<'config'> {
  const { accounts, config, configPath, editBudget, blockedNumbers, authReport } = deps
  /**
   * As the file has them. Of a number that is possible by no numbering plan known here, WhatsApp itself has to have said that it is one;
   * those of the list need no proof. The plan is looked up last: for a thousand numbers that takes longer than everything else here.
   */
  const asWritten = (account: string, numbers: readonly string[]): string[] => {
    const listed = asSet(config.current.accounts[account]?.access.allowFrom ?? [])
    const blocked = blockedNumbers(account)
    return numbers.map((number) =>
      blocked.has(number) && !listed.has(number) && isUnknownPlan(number) ? writtenNumber(number) : number,
    )
  }
  const edit =
    (method: Edit) =>
    async (
      { account, allowFrom, revision }: ParsedParams<`config.${Edit}`>,
      session: ClientSession,
    ): Promise<MethodResult<`config.${Edit}`>> => {
      editBudget.charge(session.identity, config.fileLength)
      const id = resolveAccount(config.current, account)
      await config[method](asWritten(id, allowFrom), { account: id, revision })
      if (method === 'addAllowFrom') accounts.allowAgain?.(id, allowFrom.map(entryOf))
      return allowFromResult(config.current, id)
    }
  return {
    'config.get': () => buildConfigView(config, configPath(), authReport()),
    'config.listEntries': ({ account, list, offset, limit, filter }) => {
      const { current } = config
      const settings = current.accounts[resolveAccount(current, account)]
      if (settings === undefined) throw accountNotFound(account ?? '', Object.keys(current.accounts))
      const { names: entries, values, total } = listPage(settings, list, limit, { offset, filter })
      const names = Object.fromEntries(
        entries.flatMap((entry) => {
          const name = NUMBER_LISTS.has(list) ? senderNameOf(settings, entry) : null
          return name === null ? [] : [[entry, name]]
        }),
      )
      return { revision: current.revision, entries, values, names, total }
    },
    'config.addAllowFrom': edit('addAllowFrom'),
    'config.removeAllowFrom': edit('removeAllowFrom'),
    'config.setAllowFrom': async (params, session) => {
      const { account, confirm = [] } = params
      const id = resolveAccount(config.current, account)
      refuseHiddenReplacement(config.current, [{ account: id, path: ['allowFrom'], value: [] }], confirm)
      return edit('setAllowFrom')(params, session)
    },
    'config.update': async ({ changes, revision, confirm = [] }, session) => {
      const requested = changes.map((change) => ({ ...change, path: segmentsOf(change.path) }))
      refuseHiddenReplacement(config.current, requested, confirm)
      // What replaces or changes a list reads the whole file once more.
      const lists = requested.filter(({ path: [key = ''] }) => LIST_KEYS.has(key)).length
      editBudget.charge(session.identity, config.fileLength * (1 + lists))
      const updated = await config.update(requested, {
        revision,
        confirm: confirm.filter((what) => what !== 'wholeList'),
      })
      return { revision: updated.revision, ...shownChanges(updated.changed) }
    },
  }
}

/** What the list has for it: people type numbers in any notation. */
function entryOf(number: string): string {
  return allowedEntry(number) ?? number
}

const NUMBER_LISTS: ReadonlySet<string> = new Set(['allowFrom', 'groupAllowFrom'])
const LIST_KEYS: ReadonlySet<string> = new Set(['allowFrom', 'groupAllowFrom', 'groups', 'senders'])

function allowFromResult(config: Config, account: string): MethodResult<'config.setAllowFrom'> {
  const list = shownLists(config)[account]?.allowFrom
  return {
    revision: config.revision,
    allowFrom: list?.names ?? [],
    allowFromTotal: list?.total ?? 0,
    allowFromComplete: list?.isComplete ?? true,
  }
}

/** A text is dotted; names that have a dot themselves come in a list. */
function segmentsOf(path: string | readonly string[]): readonly string[] {
  return typeof path === 'string' ? path.split('.') : path
}
