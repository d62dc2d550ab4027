import type { Command } from 'commander'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import { problemText } from '../../problem-text.ts'
import { addCommonOptions, examples, type CommonOptions } from '../../common-options.ts'
import { addSubcommand } from '../../subcommand.ts'

interface ConfigOptions extends CommonOptions {
  config?: string
  json?: boolean
  write?: boolean
}

/** `whatsappd config`: what the config file says, whether a daemon runs or not, also where it is broken. */
export function addConfigCommand(program: Command, context: CommandContext): void {
  const config = program
    .command('config')
    .summary('the config file: check it, show what its keys do, rewrite keys of other tools')
    .addHelpText(
      'after',
      `\n"check" ends with 1 where the file cannot be used, or an entry counts for\nnobody. Variables count as they are set where it runs.\n${examples(
        ['whatsappd config check', 'is it right?'],
        ['whatsappd config show', 'what does each key of it do here?'],
        ['whatsappd config show channels.whatsapp.dmPolicy', 'all about one key'],
        ['whatsappd config migrate', 'from OpenClaw, Milady, ElizaOS: show the rewrite'],
        ['whatsappd config migrate --write', 'rewrite it, and keep a copy'],
      )}`,
    )
  subcommand(config, 'check')
    .summary('what is wrong with it, and which file it is')
    .action((options: ConfigOptions) => check(context, options))
  subcommand(config, 'show [key]')
    .summary('each key of it, with what it does here; all about one key')
    .action((key: string | undefined, options: ConfigOptions) => show(context, key, options))
  subcommand(config, 'migrate')
    .summary('rewrite keys of OpenClaw, Milady and ElizaOS in ours, as a diff')
    .description(
      'Shows how keys of other tools are written here. Nothing changes of what is in force: a rewrite that would change it is not offered. ' +
        'The other tool may not find its keys any more. Secrets in the diff are masked.',
    )
    .option('--write', 'write it, and keep the file as it was beside it')
    .action(async (options: ConfigOptions) => {
      const { migrateFile } = await import('./migrate-file.ts')
      await migrateFile(context, options)
    })
}

function subcommand(config: Command, usage: string): Command {
  return addCommonOptions(addSubcommand(config, usage, 'check'))
    .option(
      '--config <file>',
      'the config file (default: that of the running daemon, else as "run" finds it)',
    )
    .option('--json', 'print one JSON object')
}

async function check(context: CommandContext, options: ConfigOptions): Promise<void> {
  const [{ chooseFile }, { judgeFile }, { checkText }] = await Promise.all([
    import('./chosen-file.ts'),
    import('./judged-file.ts'),
    import('./config-texts.ts'),
  ])
  const chosen = await chooseFile(context, options)
  const judged = judgeFile(chosen.path, context.env)
  const { config, problems } = judged
  const entries = config?.badEntries?.problems ?? []
  const report = {
    ...chosen,
    valid: config !== null,
    tool: config?.tool ?? null,
    problems,
    entryProblems: entries,
    notices: config?.notices ?? [],
  }
  context.print(options.json === true ? JSON.stringify(report, null, 2) : checkText(chosen, judged))
  const wrong = problems.length + (config?.badEntries?.total ?? 0)
  if (wrong > 0)
    throw new CommandFailure(`${wrong} ${wrong === 1 ? 'problem' : 'problems'} in ${chosen.path}; see above`)
}

async function show(context: CommandContext, key: string | undefined, options: ConfigOptions): Promise<void> {
  const [{ chooseFile }, { judgeFile }, { keyRows }, { showText }] = await Promise.all([
    import('./chosen-file.ts'),
    import('./judged-file.ts'),
    import('./key-rows.ts'),
    import('./config-texts.ts'),
  ])
  const chosen = await chooseFile(context, options)
  const judged = judgeFile(chosen.path, context.env)
  const [problem] = judged.problems
  if (judged.document === null)
    throw new CommandFailure(problem === undefined ? 'it cannot be read' : problemText(problem))
  const rows = keyRows(judged)
  const shown = key === undefined ? rows : rows.filter(({ path }) => isNamed(path, key))
  if (key !== undefined && shown.length === 0) {
    const { explainKey } = await import('./explain-key.ts')
    const text = explainKey(key)
    if (options.json === true) context.print(JSON.stringify({ ...chosen, keys: [] }, null, 2))
    else context.print(text.join('\n'))
    return
  }
  context.print(
    options.json === true
      ? JSON.stringify(
          { ...chosen, valid: judged.config !== null, tool: judged.config?.tool ?? null, keys: shown },
          null,
          2,
        )
      : showText(chosen, judged, shown, key !== undefined),
  )
}

/** `dmPolicy` is enough for `channels.whatsapp.dmPolicy`. */
function isNamed(path: string, key: string): boolean {
  return path === key || path.endsWith(`.${key}`) || path.startsWith(`${key}.`)
}
