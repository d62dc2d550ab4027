import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { homeDirectory } from '../../../../../storage/files/home-directory.ts'
import { quoted } from '../../../../../storage/files/quoted.ts'
import { fine, type Found, problem, warning } from '../../check.ts'
import type { DoctorFacts } from '../../doctor-facts.ts'

const UNIT = 'whatsappd.service'
/** Where units of the system are, those of people before those of packages: systemd.unit(5). */
const SYSTEM_PLACES = [
  'etc/systemd/system',
  'usr/local/lib/systemd/system',
  'usr/lib/systemd/system',
  'lib/systemd/system',
]
const ASK_LIMIT_MS = 5_000
/** An update or two. */
const MANY_RESTARTS = 3
const FIELDS = ['ActiveState', 'UnitFileState', 'NRestarts'] as const

interface Unit {
  path: string
  isUser: boolean
}

/** The unit of systemd, which is read and asked about; nothing of it is changed. */
export async function lookAtService(facts: DoctorFacts, signal: AbortSignal): Promise<Found[]> {
  const { systemRoot, env } = facts
  const unit = findUnit(facts)
  const isBooted = existsSync(join(systemRoot, 'run/systemd/system'))
  if (unit === null)
    return isBooted
      ? [
          warning(
            'There is no service: the daemon does not come back after a reboot.',
            'Install it: whatsappd install-service (with sudo for the machine, without for this user).',
          ),
        ]
      : []
  const found = [...lookAtUnit(unit, facts)]
  const shown = await show(unit, env, signal)
  if (shown !== null) found.push(...lookAtState(unit, shown))
  if (isBooted && unit.isUser) found.push(...lookAtLinger(systemRoot))
  return found.length > 0 ? found : [fine(`${unit.path} starts what is there.`)]
}

function findUnit({ systemRoot, env }: DoctorFacts): Unit | null {
  const named = env['XDG_CONFIG_HOME']
  const home = homeDirectory(env)
  const ofUser = named !== undefined && isAbsolute(named) ? named : home && join(home, '.config')
  const units: Unit[] = [
    ...(ofUser === null ? [] : [{ path: join(ofUser, 'systemd/user', UNIT), isUser: true }]),
    ...SYSTEM_PLACES.map((place) => ({ path: join(systemRoot, place, UNIT), isUser: false })),
  ]
  return units.find(({ path }) => existsSync(path)) ?? null
}

function lookAtUnit({ path, isUser }: Unit, { stateDirectory, daemon }: DoctorFacts): Found[] {
  const again = isUser ? 'whatsappd install-service --user' : 'sudo whatsappd install-service'
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return [warning(`${path} cannot be read.`, 'Look at it as root.')]
  }
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(text) ?? []
  const missing = words(command).find((word) => isAbsolute(word) && !existsSync(word))
  if (missing !== undefined)
    return [problem(`${path} starts ${missing}, which is not there.`, `Write it anew: ${again}`)]
  const directory = environmentOf(text, 'WHATSAPPD_STATE_DIR')
  if (directory !== null && directory !== stateDirectory && daemon.state !== 'running')
    return [
      warning(
        `The service uses another state directory than was looked at: ${directory}.`,
        `Look at that one: whatsappd doctor --state-dir ${quoted(directory)}. Or let the service use this one: ${again} --state-dir ${quoted(stateDirectory)}`,
      ),
    ]
  return []
}

/** As systemd.syntax(7) has it, as far as this project writes it. */
function words(line: string): string[] {
  const found = line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)
  return [...found].map(([, inside, bare]) =>
    (inside?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '').replaceAll('%%', '%').replaceAll('$$', '$'),
  )
}

function environmentOf(text: string, name: string): string | null {
  const lines = [...text.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line = '']) => words(line))
  const found = lines.find((word) => word.startsWith(`${name}=`))
  return found === undefined ? null : found.slice(name.length + 1)
}

type Shown = Record<(typeof FIELDS)[number], string>

/** `null` where systemd does not answer: in a container it does not run. */
async function show({ isUser }: Unit, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Shown | null> {
  const line = [...(isUser ? ['--user'] : []), 'show', UNIT, ...FIELDS.map((field) => `--property=${field}`)]
  try {
    const { stdout } = await promisify(execFile)('systemctl', line, {
      env,
      signal,
      timeout: ASK_LIMIT_MS,
    })
    const value = (field: string): string => new RegExp(`^${field}=(.*)$`, 'm').exec(stdout)?.[1] ?? ''
    return {
      ActiveState: value('ActiveState'),
      UnitFileState: value('UnitFileState'),
      NRestarts: value('NRestarts'),
    }
  } catch {
    return null
  }
}

function lookAtState({ isUser }: Unit, { ActiveState, UnitFileState, NRestarts }: Shown): Found[] {
  const [systemctl, journal] = isUser
    ? ['systemctl --user', 'journalctl --user -u whatsappd']
    : ['sudo systemctl', 'sudo journalctl -u whatsappd']
  const found: Found[] = []
  if (ActiveState === 'failed')
    found.push(
      problem('The service has failed.', `See why: ${journal} -n 50. Then: ${systemctl} restart whatsappd`),
    )
  if (UnitFileState === 'disabled')
    found.push(
      warning(
        'The service is not enabled: it does not come back after a reboot.',
        `Enable it: ${systemctl} enable whatsappd`,
      ),
    )
  if (Number(NRestarts) >= MANY_RESTARTS)
    found.push(
      warning(
        `systemd has started the service again ${NRestarts} times since it was started by hand.`,
        `See why it ended: ${journal} | grep -i -e error -e killed. Then, to count anew: ${systemctl} restart whatsappd`,
      ),
    )
  return found
}

function lookAtLinger(systemRoot: string): Found[] {
  const { username } = userInfo()
  return existsSync(join(systemRoot, 'var/lib/systemd/linger', username))
    ? []
    : [
        warning(
          'The service ends with the last session of this user, and does not come back after a reboot by itself.',
          `Keep it: loginctl enable-linger ${username}`,
        ),
      ]
}
