import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addServeOptions, examples, type ServeOptions } from '../common-options.ts'

/** `whatsappd demo`: the daemon against a simulated WhatsApp, with phones to click on. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('demo')
    .summary('try everything without a phone and without internet')
    .description(
      'Starts the daemon against a WhatsApp made for demos, on this machine only, and a page with simulated phones. ' +
        'Everything is in a temporary directory that is removed at the end.',
    )
  addServeOptions(command, 'start from a copy of this config file (default: the example config)')
    .option('--verbose', 'show where an error came from')
    .addHelpText(
      'after',
      examples(
        ['whatsappd demo', 'page at http://127.0.0.1:8765'],
        ['whatsappd demo --port 9000', 'on another port'],
        [
          'whatsappd demo --config ./sandbox.config.json5',
          'with your own settings; the file itself is not touched',
        ],
      ),
    )
    .action(async (options: ServeOptions) => {
      const { serveDemo } = await import('./serve-demo.ts')
      await serveDemo(context, options)
    })
}
