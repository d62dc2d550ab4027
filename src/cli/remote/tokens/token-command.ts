import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { type Scope, SCOPES } from '../../../protocol/tokens/scopes.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { resolveStateDir } from '../../state-dir.ts'

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 }
const DEFAULT_LIFETIME_SECONDS = 15 * 60
const MAX_LIFETIME_SECONDS = 3_600
const MAX_SUBJECT_LENGTH = 256

interface TokenOptions extends CommonOptions {
  scope: Scope[]
  ttl: number
  subject: string
  rotate?: boolean
  json?: boolean
}

/** `whatsappd token`: a token that may do little, for a short time; or a new local token. */
export function addTokenCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('token')
    .summary('print a short-lived token for the control plane, or replace the local one')
    .description(
      'Prints a token with the scopes that it names, signed by this sandbox. The daemon accepts it until it expires, also after a restart.',
    )
    .addOption(
      new Option('--scope <list>', `what it may do: ${SCOPES.join(', ')}`)
        .argParser(parseScopes)
        .default(['read'], 'read'),
    )
    .addOption(
      new Option('--ttl <time>', 'how long it is valid, such as 90s or 15m; at most 1h')
        .argParser(parseLifetime)
        .default(DEFAULT_LIFETIME_SECONDS, '15m'),
    )
    .option('--subject <name>', 'whom it is for, as its claim "sub" says', parseSubject, 'local')
    .addOption(
      new Option(
        '--rotate',
        'replace the local token instead: connections that the old one opened are closed, and every token that was printed here becomes invalid',
      ).conflicts(['scope', 'ttl', 'subject']),
    )
    .option('--json', 'print one JSON object, with when it expires')
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nIt goes into "session.authenticate", or after "Authorization: Bearer".\n${examples(
        ['whatsappd token', 'may read, for 15 minutes'],
        ['whatsappd token --scope read,link --ttl 5m', 'for a dashboard that links a phone'],
        ['whatsappd token --rotate', 'when the local token may have leaked'],
      )}`,
    )
    .action(async (options: TokenOptions) => {
      const stateDir = resolveStateDir(options.stateDir, context.env)
      context.print(
        options.rotate === true ? await rotate(stateDir, options) : await issue(options, stateDir),
      )
    })
}

async function issue({ scope, ttl, subject, json }: TokenOptions, stateDir: string): Promise<string> {
  const [{ issueOwnToken }, { readLocalToken }, { existsSync }] = await Promise.all([
    import('../../../control/auth/issue-own-token.ts'),
    import('../../../control/auth/local-token.ts'),
    import('node:fs'),
  ])
  if (!existsSync(stateDir)) throw noStateFailure(stateDir)
  const request = { scopes: scope, lifetimeSeconds: ttl, subject }
  const now = new Date()
  const token = await issueOwnToken(readLocalToken(stateDir), request, now)
  if (json !== true) return token
  // A token counts whole seconds.
  const expiresAt = new Date((Math.floor(now.getTime() / 1_000) + ttl) * 1_000).toISOString()
  return JSON.stringify({ token, scopes: scope, subject, expiresAt }, null, 2)
}

async function rotate(stateDir: string, { json }: TokenOptions): Promise<string> {
  const [{ replaceLocalToken }, { existsSync }] = await Promise.all([
    import('../../../control/auth/local-token.ts'),
    import('node:fs'),
  ])
  if (!existsSync(stateDir)) throw noStateFailure(stateDir)
  replaceLocalToken(stateDir)
  if (json === true) return JSON.stringify({ rotated: true }, null, 2)
  return 'The local token was replaced. A running daemon closes the connections of the old one within a second.'
}

function noStateFailure(stateDir: string): CommandFailure {
  return new CommandFailure(
    `there is no state dir ${stateDir} yet; the first "whatsappd run" makes it, or name another one with --state-dir`,
  )
}

function parseScopes(text: string): Scope[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '')
  const unknown = names.find((name) => !SCOPES.some((scope) => scope === name))
  if (unknown !== undefined || names.length === 0) {
    throw new InvalidArgumentError(`must be some of ${SCOPES.join(', ')}, with commas between.`)
  }
  return SCOPES.filter((scope) => names.includes(scope))
}

function parseLifetime(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? []
  const seconds = Number(amount) * (SECONDS[unit] ?? 0)
  if (seconds < 1 || seconds > MAX_LIFETIME_SECONDS) {
    throw new InvalidArgumentError('must be a time such as 90s, 15m or 1h, and at most 1h.')
  }
  return seconds
}

function parseSubject(text: string): string {
  if (text === '' || text.length > MAX_SUBJECT_LENGTH) {
    throw new InvalidArgumentError(`must have 1 to ${MAX_SUBJECT_LENGTH} characters.`)
  }
  return text
}
