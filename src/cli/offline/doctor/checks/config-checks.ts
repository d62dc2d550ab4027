import { join } from 'node:path'
import { findForeignWriter } from '../../../../agents/programs/foreign-writer.ts'
import type { ConfigProblem } from '../../../../protocol/config/config-problem.ts'
import { quoted } from '../../../../storage/files/quoted.ts'
import { problemText } from '../../../problem-text.ts'
import { type Check, fine, type Found, problem, warning } from '../check.ts'
import type { DoctorFacts } from '../doctor-facts.ts'

/** Of one kind: a file that went wrong as a whole must not hide the rest. */
const MAX_SHOWN = 10

/** Of the config file. */
export const CONFIG_CHECKS: readonly Check[] = [
  {
    id: 'config.file',
    looksAt: 'whether the config file is there, can be read, and is valid',
    look: lookAtFile,
  },
  {
    id: 'config.notes',
    looksAt: 'what the config file says without effect, and secrets that stand in it',
    look: ({ config }) =>
      bounded(config?.notices ?? [], (text) =>
        warning(text, 'Correct it where it is not meant so; the daemon works without a change.'),
      ),
  },
  {
    id: 'config.writers',
    looksAt:
      'whether other users can change the config file, or a file that it includes: they say who is allowed',
    look: ({ configPath, configKind }) => {
      if (configKind.kind !== 'text') return []
      // What cannot be read is a finding of its own, and need not be there.
      const included = (configKind.included ?? []).filter(({ content }) => 'text' in content)
      const paths = [configPath, ...included.map(({ namedPath }) => namedPath)]
      const found = paths.map(findForeignWriter).find((writer) => writer !== null)
      if (found === undefined) {
        const others = included.length === 0 ? '' : ', or a file that it includes'
        return [fine(`No other user can change the config file${others}.`)]
      }
      const place = quoted(found.path)
      const cures = {
        owner: `Give it to the user of the daemon: as root, chown it to that user.`,
        group: `chmod g-w ${place}`,
        everybody: `chmod o-w ${place}`,
      }
      return [
        problem(
          `Other users can change ${found.path}, and so who is allowed and which programs are started.`,
          cures[found.who],
        ),
      ]
    },
  },
  {
    id: 'config.restart',
    looksAt: 'changed settings that wait for a restart of the daemon',
    look: ({ daemon }) => {
      const waiting = daemon.state === 'running' ? (daemon.config.needsRestart ?? []) : []
      return waiting.length === 0
        ? []
        : [warning(`Changed, and not in force yet: ${waiting.join(', ')}.`, 'Restart the daemon.')]
    },
  },
]

function lookAtFile(facts: DoctorFacts): Found[] {
  const { configPath, configKind, config, daemon, packageRoot } = facts
  if (configKind.kind === 'missing')
    return [
      problem(
        `There is no config file ${configPath}, so nobody is allowed.`,
        `Create it, or name another one with --config or SANDBOX_CONFIG. An example: ${join(packageRoot, 'sandbox.config.example.json5')}`,
      ),
    ]
  if (configKind.kind === 'unreadable')
    return [
      problem(`${configPath} ${configKind.why}.`, 'Let the user of the daemon read it, as a text in JSON5.'),
    ]
  // The daemon reads the file in its own environment: where it is content, a variable is only missing here.
  const isInForce = daemon.state === 'running' && daemon.config.valid && daemon.config.path === configPath
  if (config === null)
    return bounded(facts.configErrors, (text) =>
      isInForce
        ? warning(
            `Read by this command: ${text}`,
            'The running daemon has the file in force. Run this in the environment of the daemon to look at it as the daemon does.',
          )
        : problem(text, `Correct ${configPath}.`),
    )
  const bad = bounded(config.badEntries?.problems ?? [], (text) => problem(text, `Correct ${configPath}.`))
  return bad.length > 0 ? bad : [fine(`${configPath} is valid.`)]
}

function bounded(problems: readonly ConfigProblem[], toFound: (text: string) => Found): Found[] {
  const found = problems.slice(0, MAX_SHOWN).map((each) => toFound(problemText(each)))
  const others = problems.length - found.length
  return others > 0 ? [...found, toFound(`And ${others} more of this kind.`)] : found
}
