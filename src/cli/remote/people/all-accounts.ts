import type { WhatsappdClient } from '../../../client/client.ts'

/** The ids of every account, however many there are. Rejects with `RequestError`. */
export async function allAccounts(client: Pick<WhatsappdClient, 'request'>): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const after = ids.at(-1)
    const { accounts, total = 0 } = await client.request(
      'accounts.list',
      after === undefined ? {} : { after },
    )
    ids.push(...accounts.map(({ account }) => account))
    if (accounts.length === 0 || ids.length >= total) return ids
  }
}
