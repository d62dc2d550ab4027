import type { WhatsappdClient } from '../../../client/client.ts'
import type { ConfigProblem } from '../../../protocol/config/config-problem.ts'
import type { AccountConfigView } from '../../../protocol/config/config-view.ts'

type Client = Pick<WhatsappdClient, 'request'>

interface Person {
  /** E.164, `lid:<digits>`, `bsuid:<id>` or "*"; as the file has it where that refers to a variable. */
  entry: string
  /** What `senders` of the config calls them. */
  name: string | null
}

/** Who may write to an account, as it is in force. */
export interface Allowlist {
  account: string
  dmPolicy: AccountConfigView['dmPolicy'] | null
  people: Person[]
  configPath: string | null
  /** Why the file on disk is not what is in force. */
  problems: readonly ConfigProblem[]
}

/** The whole list, however long; of the default account where none is named. Rejects with `RequestError`, or `DaemonError` where no daemon runs. */
export async function readAllowlist(client: Client, named: string | undefined): Promise<Allowlist> {
  const view = await client.request('config.get', {})
  const account = named ?? view.defaultAccount
  for (;;) {
    const people = await pagesOf(client, account)
    if (people === null) continue
    return {
      account,
      dmPolicy: view.accounts[account]?.dmPolicy ?? null,
      people,
      configPath: view.path,
      problems: view.problems,
    }
  }
}

/** `null` where the config changed meanwhile. */
async function pagesOf(client: Client, account: string): Promise<Person[] | null> {
  const people: Person[] = []
  let of: string | undefined
  for (;;) {
    const page = await client.request('config.listEntries', {
      account,
      list: 'allowFrom',
      offset: people.length,
    })
    if (of !== undefined && of !== page.revision) return null
    of = page.revision
    people.push(...page.entries.map((entry) => ({ entry, name: page.names?.[entry] ?? null })))
    if (page.entries.length === 0 || people.length >= page.total) return people
  }
}

/** Allows these people, as `readPeople` gives them; `name` is what one of them is called. */
export async function allowPeople(
  client: Client,
  { account, people, name }: { account: string; people: string[]; name?: string | undefined },
): Promise<void> {
  const [person] = people
  if (name !== undefined && person !== undefined) {
    const path = ['senders', person, 'name']
    await client.request('config.update', {
      changes: [
        { account, path: ['allowFrom'], add: people },
        { account, path, value: name },
      ],
    })
  }
  // Also for those on the list: this says that whoever has the number now is meant.
  await client.request('config.addAllowFrom', { account, allowFrom: people })
}
