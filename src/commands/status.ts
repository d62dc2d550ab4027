import type { Command } from 'commander'
import type { AccountView } from '../protocol/account.ts'
import type { ConfigView } from '../protocol/config-view.ts'
import { accountLine } from './account-line.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from './common-options.ts'
import { resolveStateDir } from './state-dir.ts'

interface StatusOptions extends CommonOptions {
  json?: boolean
}

/** `whatsappd status`: what the running daemon says of itself and its accounts. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('status')
    .summary('show every account and the config of the running daemon')
    .option('--json', 'print one JSON object; its daemon is null when none answers')
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nExit code 0 when a daemon answers, 1 when none does.\n${examples(
        ['whatsappd status', 'for people'],
        ["whatsappd status --json | jq -r '.accounts[].state'", 'for scripts'],
      )}`,
    )
    .action(async (options: StatusOptions) => {
      const { connectToDaemon } = await import('./daemon-connection.ts')
      const { client, authority, pid } = await connectToDaemon(
        resolveStateDir(options.stateDir, context.env),
      ).catch((error: unknown) => {
        if (options.json === true) context.print(JSON.stringify({ daemon: null }))
        throw error
      })
      try {
        const [{ accounts }, config] = await Promise.all([
          client.request('accounts.list', {}),
          client.request('config.get', {}),
        ])
        if (options.json === true) {
          context.print(JSON.stringify({ daemon: { address: authority, pid }, accounts, config }, null, 2))
        } else {
          context.print(statusText(authority, pid, accounts, config))
        }
      } finally {
        client.close()
      }
    })
}

function failedText({ account, failedMessages }: AccountView): string {
  const what = failedMessages === 1 ? '1 reply failed' : `${failedMessages} replies failed`
  return `${what}; see: whatsappd outbox list --account ${account}`
}

function statusText(authority: string, pid: number, accounts: AccountView[], config: ConfigView): string {
  const lines = [`daemon at ${authority} (pid ${pid})`, `config  ${config.path ?? 'no file yet'}`]
  for (const problem of config.problems) {
    const place = problem.line === null ? '' : ` (line ${problem.line}, column ${problem.column ?? 1})`
    lines.push(`  not in force: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}${place}`)
  }
  for (const account of accounts) {
    const settings = config.accounts[account.account]
    lines.push('', accountLine(account))
    if (account.linkedSince !== null)
      lines.push(`  linked since ${new Date(account.linkedSince).toLocaleString()}`)
    if (account.failedMessages !== null && account.failedMessages > 0) lines.push(`  ${failedText(account)}`)
    if (settings !== undefined) {
      const allowed = settings.allowFrom.length === 0 ? 'nobody' : settings.allowFrom.join(', ')
      lines.push(`  may talk (${settings.dmPolicy}): ${allowed}`, `  answered by: ${settings.defaultAgent}`)
    }
  }
  return lines.join('\n')
}
