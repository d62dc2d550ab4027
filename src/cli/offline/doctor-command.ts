import type { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { addCommonOptions, examples, type CommonOptions } from '../common-options.ts'

interface DoctorCommandOptions extends CommonOptions {
  config?: string
  json?: boolean
}

/** `whatsappd doctor`: looks at everything that must be right, and says what to do. It changes nothing. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('doctor')
    .summary('look for what is wrong, and say what to do about it')
    .description(
      'Looks at the machine, the state directory, the config file, the accounts and the agents, whether a daemon runs or not. ' +
        'It changes nothing and prints no secret. Variables count as they are set where it runs: ' +
        'for a service, run it in the environment of the service.',
    )
    .option(
      '--config <file>',
      'the config file (default: that of the running daemon, else as "run" finds it)',
    )
    .option('--json', 'print one JSON object')
  addCommonOptions(command)
    .addHelpText(
      'after',
      `\nExit code 0 without a problem, 1 with one; warnings do not count.\n${examples(
        ['whatsappd doctor', 'for people'],
        [`whatsappd doctor --json | jq '.findings[] | select(.level == "problem")'`, 'for scripts'],
      )}`,
    )
    .action(async (options: DoctorCommandOptions) => {
      const [{ gatherFacts }, { runChecks }, { doctorText }] = await Promise.all([
        import('./doctor/doctor-facts.ts'),
        import('./doctor/checks.ts'),
        import('./doctor/doctor-text.ts'),
      ])
      const facts = await gatherFacts(context, options)
      const findings = await runChecks(facts, context.signal)
      const problems = findings.filter(({ level }) => level === 'problem').length
      const report = {
        version: facts.version,
        configPath: facts.configPath,
        stateDirectory: facts.stateDirectory,
        daemon: facts.daemon.state,
        ok: problems === 0,
        findings,
      }
      context.print(options.json === true ? JSON.stringify(report, null, 2) : doctorText(report))
      if (problems > 0)
        throw new CommandFailure(`${problems} ${problems === 1 ? 'problem' : 'problems'}; see above`)
    })
}
