import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from './common-options.ts'
import { resolveStateDir } from './state-dir.ts'

const REQUEST_TIMEOUT_MS = 10_000

/** `whatsappd open`: a fresh single-use link to the page. */
export function addOpenCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('open')
    .summary('print a fresh link to the page')
    .description('Prints a link that opens the page of the running daemon once, within five minutes.')
  addCommonOptions(command)
    .addHelpText('after', examples(['whatsappd open', 'then follow the link in a browser of this machine']))
    .action(async (options: CommonOptions) => {
      context.print(await newLink(resolveStateDir(options.stateDir, context.env)))
    })
}

async function newLink(stateDir: string): Promise<string> {
  const [{ findDaemon, noDaemonFailure }, { readLocalToken }] = await Promise.all([
    import('./daemon-address.ts'),
    import('../control/local-token.ts'),
  ])
  const daemon = findDaemon(stateDir)
  if (daemon === null) throw noDaemonFailure(stateDir)
  const response = await fetch(`http://${daemon.authority}/v1/login-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readLocalToken(stateDir)}` },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw noDaemonFailure(stateDir, daemon.authority, error)
  })
  const answer: unknown = await response.json().catch(() => null)
  if (
    response.ok &&
    typeof answer === 'object' &&
    answer !== null &&
    'link' in answer &&
    typeof answer.link === 'string'
  ) {
    return answer.link
  }
  throw new CommandFailure(
    response.status === 401
      ? `the daemon at ${daemon.authority} does not accept the token in ${stateDir}; restart it, or name its own state dir with --state-dir`
      : `what answers at ${daemon.authority} is not a whatsappd of this version (HTTP ${response.status}); restart the daemon`,
  )
}
