import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { InvalidArgumentError } from 'commander'
import { addServeOptions, examples } from '../common-options.ts'
import type { DemoOptions } from './serve-demo.ts'

const MAX_QR_SECONDS = 600

/** `whatsappd demo`: the daemon against a simulated WhatsApp, with phones to click on. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('demo')
    .summary('try everything without a phone and without internet')
    .description(
      'Starts the daemon against a WhatsApp made for demos, on this machine only, and a page with simulated phones. ' +
        'Everything is in a temporary directory that is removed at the end, unless --state-dir names one that stays.',
    )
  addServeOptions(command, 'start from a copy of this config file (default: the example config)')
    .option('--business', 'with a WhatsApp Business number (Cloud API) instead of a linked phone')
    .option('--api', 'also the simulated phones over HTTP, for the tests of an integration')
    .option('--state-dir <dir>', 'keep config, links and phones in this directory, and continue with them')
    .option(
      '--qr-seconds <number>',
      'how long each QR code lives (default: 60, those after the first 20)',
      parseSeconds,
    )
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
        ['whatsappd demo --business', 'a WhatsApp Business number'],
        ['whatsappd demo --api --port 0', 'for a test: docs/testing.md'],
        ['whatsappd demo --state-dir ./demo', 'the phone is still linked the next time'],
      ),
    )
    .action(async (options: DemoOptions) => {
      const { serveDemo } = await import('./serve-demo.ts')
      await serveDemo(context, options)
    })
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= MAX_QR_SECONDS))
    throw new InvalidArgumentError(`must be a number above 0, ${MAX_QR_SECONDS} at most.`)
  return seconds
}
