import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addCommonOptions, addServeOptions, examples, type ServeOptions } from '../common-options.ts'
import { resolveStateDir } from '../state-dir.ts'

/** `whatsappd run`: the daemon in the foreground, until it is told to stop. */
export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .summary('start the daemon on the real WhatsApp')
    .description(
      'Starts the daemon in the foreground: the assistant answers the numbers in allowFrom, ' +
        'and the page for linking and status is served on loopback. In a terminal the QR code is drawn there too. ' +
        'Ctrl-C or SIGTERM stops it in order; the link to WhatsApp stays.',
    )
  addCommonOptions(
    addServeOptions(
      command,
      'the config file (default: $SANDBOX_CONFIG, ./sandbox.config.json5, ~/.config/sandbox/sandbox.config.json5)',
    ),
  )
    .addHelpText(
      'after',
      examples(
        ['whatsappd run', 'with the config file from the usual places'],
        ['whatsappd run --config ./sandbox.config.json5 --port 9000', 'with this file, on another port'],
        ['WHATSAPPD_STATE_DIR=/data/whatsappd whatsappd run', 'with its state on a volume'],
      ),
    )
    .action(async (options: ServeOptions) => {
      const { serveDaemon } = await import('./serve-daemon.ts')
      await serveDaemon(context, {
        configPath: options.config,
        stateDir: resolveStateDir(options.stateDir, context.env),
        listen: { host: options.host, port: options.port },
        linkInTerminal: context.terminal,
        showsLink: context.terminal,
      })
    })
}
