import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { addCommonOptions, examples, type CommonOptions } from '../common-options.ts'
import type { InstallServiceOptions } from './service/find-places.ts'

interface Options extends CommonOptions, InstallServiceOptions {
  print?: boolean
  start: boolean
  force?: boolean
  json?: boolean
}

/** `whatsappd install-service`: the daemon as a service of systemd, of the system or of a user. */
export function addInstallServiceCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('install-service')
    .summary('run the daemon as a service of systemd, also after a reboot')
    .description(
      'Writes a hardened unit for systemd, enables it and starts it. As root it is a service of the system, ' +
        'with a user of its own, its config in /etc/whatsappd and its state in /var/lib/whatsappd; ' +
        'otherwise it is a service of the user who runs this, with the files of "whatsappd run".',
    )
    .option('--user', 'a service of this user')
    .option('--system', 'a service of the system')
    .option('--as <user>', 'who a service of the system runs as (default: whatsappd, which is made)')
    .option('--config <file>', 'the config file')
    .option('--print', 'print the unit, and change nothing')
    .option('--no-start', 'enable it without starting it now')
    .option('--plain', 'leave out what needs name spaces, where the kernel refuses them')
    .option('--force', 'replace a whatsappd.service that somebody else wrote')
    .option('--json', 'print one JSON object, with the unit where --print is given')
  addCommonOptions(command)
    .addHelpText(
      'after',
      examples(
        ['sudo whatsappd install-service', 'for the machine'],
        ['whatsappd install-service --user', 'for this user'],
        ['whatsappd install-service --print', 'to read it first'],
      ),
    )
    .action(async (options: Options) => {
      const { findPlaces } = await import('./service/find-places.ts')
      const places = findPlaces(context, options)
      const { kind, user, configPath, stateDir } = places
      const { json } = options
      const facts = { kind, user, config: configPath, stateDir }
      if (options.print === true) {
        const { unitText } = await import('./service/unit-text.ts')
        const unit = unitText(places)
        context.print(json === true ? JSON.stringify({ ...facts, unit }, null, 2) : unit.trimEnd())
        return
      }
      const { installUnit } = await import('./service/install-unit.ts')
      const file = installUnit(context, places, { start: options.start, force: options.force === true })
      if (json === true) {
        context.print(JSON.stringify({ ...facts, file, started: options.start }, null, 2))
        return
      }
      const systemctl = places.kind === 'system' ? 'systemctl' : 'systemctl --user'
      const lines = [
        `written: ${file}`,
        `  config     ${places.configPath}`,
        `  state dir  ${places.stateDir}`,
        `  status     ${systemctl} status whatsappd`,
        `  log        journalctl ${places.kind === 'system' ? '-u' : '--user -u'} whatsappd`,
      ]
      if (places.kind === 'user')
        lines.push('It ends with your last session; "loginctl enable-linger" keeps it, also after a reboot.')
      context.print(lines.join('\n'))
    })
}
