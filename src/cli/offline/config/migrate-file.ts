import { constants, copyFileSync, realpathSync } from 'node:fs'
import { ConfigDocument } from '../../../config/document/config-document.ts'
import { ConfigMount } from '../../../config/file/config-mount.ts'
import { EditJournal } from '../../../config/file/edit-journal.ts'
import { readConfigContent } from '../../../config/file/read-config-content.ts'
import { writeConfig } from '../../../config/file/write-config.ts'
import { type Migration, migrateConfig } from '../../../config/migrate/migrate-config.ts'
import type { NoticeCode } from '../../../config/problems/problem-codes.ts'
import { ConfigError } from '../../../config/problems/config-error.ts'
import { openPrivateDirectory } from '../../../storage/files/private-directory.ts'
import type { CommandContext } from '../../command-context.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { CommonOptions } from '../../common-options.ts'
import { paintFor } from '../../paint.ts'
import { problemText } from '../../problem-text.ts'
import { resolveStateDir } from '../../state-dir.ts'
import { wrapWords } from '../../wrap-words.ts'
import { chooseFile } from './chosen-file.ts'
import { TOOL_NAMES } from './config-texts.ts'
import { contextOf } from './judged-file.ts'
import { maskSecrets } from './mask-secrets.ts'

/** Copies of earlier rewrites are kept, too. */
const MOST_COPIES = 100
const HEAD_LINES = 2
const TOLD: ReadonlySet<string> = new Set(['other_meaning', 'ignored', 'near_miss'] satisfies NoticeCode[])

/** Shows the rewrite of the file, or writes it. Throws `CommandFailure` where the file cannot be read, or is made of several. */
export async function migrateFile(
  context: CommandContext,
  options: CommonOptions & { config?: string; json?: boolean; write?: boolean },
): Promise<void> {
  const chosen = await chooseFile(context, options)
  const { path } = chosen
  const content = readConfigContent(path, context.env)
  if (content.kind !== 'text')
    throw new CommandFailure(`${path} ${content.kind === 'missing' ? 'is not there' : content.why}`)
  if (content.included !== undefined)
    throw new CommandFailure(
      `${path} takes parts from other files by $include; rewrite them by hand: "whatsappd config show" says what each key is here`,
    )
  const migration = migrated(content.text, path, context)
  const diff = migration.steps.length === 0 ? '' : await diffOf(migration, path)
  const backup = options.write === true && diff !== '' ? await write(context, options, path, migration) : null
  const { tool, steps, problems } = migration
  if (options.json === true)
    context.print(
      JSON.stringify(
        {
          ...chosen,
          tool,
          steps,
          diff,
          valid: migration.config !== null,
          problems,
          notices: migration.config?.notices ?? [],
          backup,
        },
        null,
        2,
      ),
    )
  else print(context, { path, migration, diff, backup })
  if (migration.config === null)
    throw new CommandFailure(
      `${path} cannot be used ${steps.length === 0 ? 'as it is' : 'after it either'}; see above`,
    )
}

function migrated(text: string, path: string, { env }: CommandContext): Migration {
  try {
    return migrateConfig(text, contextOf(path, env))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new CommandFailure(`${path}: ${problemText(error.problems[0])}`, { cause: error })
  }
}

async function diffOf({ before, after }: Migration, path: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff')
  const { root } = ConfigDocument.read(before)
  const patch = createTwoFilesPatch(path, path, before, after, '', '', { context: 3 })
  // Without what `svn` has above it.
  return maskSecrets(patch.replace(/^Index: .*\n=+\n/, ''), root).trimEnd()
}

function print(
  context: CommandContext,
  {
    path,
    migration,
    diff,
    backup,
  }: { path: string; migration: Migration; diff: string; backup: string | null },
): void {
  const { tool, steps, config, problems, wasValid } = migration
  const whose = tool === null ? '' : ` (read as a file of ${TOOL_NAMES[tool]})`
  if (steps.length === 0) context.print(`${path}${whose}: nothing to rewrite.`)
  else {
    const paint = paintFor(context)
    for (const [index, line] of diff.split('\n').entries()) {
      const colour =
        index < HEAD_LINES ? 'dim' : line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : null
      if (colour === null) context.print(line)
      else context.draw(paint(line, colour))
    }
    context.print('')
    for (const { path: key, what } of steps)
      for (const line of wrapWords(`${key}: ${what}`, '', 4)) context.print(line)
  }
  const rewritten = new Set(steps.map(({ path: key }) => key))
  const others = (config?.notices ?? []).filter(
    ({ code, path: key }) => TOLD.has(code) && !rewritten.has(key),
  )
  if (others.length > 0) context.print('\nStays, and is not what its author may expect:')
  for (const each of others) for (const line of wrapWords(problemText(each), '  ', 4)) context.print(line)
  if (problems.length > 0) context.print('\nTo correct by hand:')
  for (const each of problems) for (const line of wrapWords(problemText(each), '  ', 4)) context.print(line)
  if (steps.length === 0) return
  const effect = wasValid
    ? 'What is in force stays the same.'
    : config === null
      ? ''
      : `The file could not be used before. With this it can: ${allowedWords(config)}`
  context.print(
    `\n${wrapWords(`${effect} ${backup === null ? 'Write it with: whatsappd config migrate --write' : `Written. The file as it was: ${backup}`}`.trim(), '', 2).join('\n')}`,
  )
}

/** Who could write with a file that nobody could use before. */
function allowedWords({ accounts }: NonNullable<Migration['config']>): string {
  return Object.values(accounts)
    .map(({ id, access }) =>
      access.dmPolicy === 'open'
        ? `everybody may write to ${id}.`
        : `${access.allowFrom.length === 1 ? '1 person may' : `${access.allowFrom.length} people may`} write to ${id}.`,
    )
    .join(' ')
}

/** Answers with where the file is as it was. */
async function write(
  context: CommandContext,
  options: CommonOptions,
  path: string,
  { before, after }: Migration,
): Promise<string> {
  const stateDir = resolveStateDir(options.stateDir, context.env)
  openPrivateDirectory(stateDir)
  const target = realpathSync(path)
  const backup = copyAside(target)
  const guard = (): void => {
    const now = readConfigContent(path, context.env)
    if (now.kind !== 'text' || now.text !== before)
      throw new CommandFailure(`${path} was changed meanwhile, and nothing was written; repeat it`)
  }
  const place = { path, journal: new EditJournal(stateDir, path), mount: new ConfigMount(path) }
  await writeConfig(place, { before, after, guard })
  return backup
}

/** With the mode of the file; no earlier copy is replaced. */
function copyAside(path: string): string {
  for (let number = 0; number < MOST_COPIES; number += 1) {
    const copy = `${path}.before-migrate${number === 0 ? '' : `.${number}`}`
    try {
      copyFileSync(path, copy, constants.COPYFILE_EXCL)
      return copy
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  throw new CommandFailure(`there are ${MOST_COPIES} copies of ${path} already; remove some`)
}
