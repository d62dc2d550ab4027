import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Scope } from '../../../protocol/tokens/scopes.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure, USAGE_EXIT_CODE } from '../../command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { resolveStateDir } from '../../state-dir.ts'

interface McpOptions extends CommonOptions {
  send?: boolean
  files?: string
}

const READING: readonly Scope[] = ['read', 'conversations']

/** `whatsappd mcp`: an MCP server on standard input and output, which an MCP client starts. */
export function addMcpCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('mcp')
    .summary('an MCP server on standard input and output, for assistants')
    .description(
      'For the config of an MCP client, which starts it. It reads conversations, asks the owner to allow people, and sends only with --send. ' +
        'It makes itself a token with these rights, and waits for a daemon that does not run yet.',
    )
    .option('--send', 'let the client send messages and reactions to allowed people')
    .option('--files <folder>', 'with --send: let it send files of this folder, too')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['whatsappd mcp', 'reads alone'],
        ['whatsappd mcp --send', 'reads and sends'],
        ['whatsappd mcp --send --files ~/outbox', 'sends files of that folder, too'],
      ),
    )
    .action(async ({ send = false, files, stateDir }: McpOptions) => {
      if (files !== undefined && !send)
        throw new CommandFailure('--files needs --send', { exitCode: USAGE_EXIT_CODE })
      // Loaded here, so that help and usage errors load no library.
      const { serveMcp } = await import('./serve-mcp.ts')
      await serveMcp({
        stateDir: resolveStateDir(stateDir, context.env),
        scopes: send ? [...READING, 'send'] : READING,
        folder: files === undefined ? null : resolve(files),
        version: context.version,
        signal: context.signal,
      })
    })
}
