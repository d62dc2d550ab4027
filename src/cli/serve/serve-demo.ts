import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { findConfigFile } from '../../config/file/find-config-file.ts'
import { readConfigContent } from '../../config/file/read-config-content.ts'
import { composedDocument } from '../../config/include/composed-document.ts'
import type { ConfigText } from '../../config/include/config-text.ts'
import { ConfigError } from '../../config/problems/config-error.ts'
import { DaemonError } from '../../protocol/errors.ts'
import { ExclusiveLock, LockHeldError } from '../../storage/files/exclusive-lock.ts'
import { expandHome } from '../../storage/files/expand-home.ts'
import { StorageError } from '../../storage/storage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import type { ServeOptions } from '../common-options.ts'
import { startBusinessDemo } from './business-demo.ts'
import { demoConfigText, demoPeople, type DemoPeople } from './demo-config.ts'
import { keepSimulator } from './keep-simulator.ts'
import { requireLinkScope } from './require-link-scope.ts'
import { type Companion, serveDaemon } from './serve-daemon.ts'

const CONFIG_NAME = 'sandbox.config.json5'
const SIMULATOR_NAME = 'simulator.json'

export interface DemoOptions extends ServeOptions {
  /** Also the phones over HTTP, for programs with a token. */
  api?: boolean
  /** A number of WhatsApp Business instead of a linked phone. */
  business?: boolean
  qrSeconds?: number
}

interface DemoPlace {
  configPath: string
  stateDir: string
  /** Where the simulator's own state is kept; `null` where nothing is. */
  simulatorPath: string | null
}

/**
 * Runs the demo until the context's signal is aborted. Leaves nothing behind, however it ends, unless `--state-dir` names a
 * directory: there config, daemon and simulator continue where they were.
 */
export async function serveDemo(context: CommandContext, options: DemoOptions): Promise<void> {
  const { stateDir } = options
  if (stateDir !== undefined && options.business === true)
    throw new CommandFailure('the demo of WhatsApp Business keeps nothing; leave --state-dir out')
  if (stateDir === undefined) return serveIn(makeTemporaryDirectory(), false, context, options)
  const directory = resolve(expandHome(stateDir, context.env))
  const lock = openKept(directory)
  try {
    await serveIn(directory, true, context, options)
  } finally {
    lock.release()
  }
}

async function serveIn(
  directory: string,
  isKept: boolean,
  context: CommandContext,
  options: DemoOptions,
): Promise<void> {
  const place: DemoPlace = {
    configPath: join(directory, CONFIG_NAME),
    stateDir: join(directory, 'state'),
    simulatorPath: isKept ? join(directory, SIMULATOR_NAME) : null,
  }
  const text = readConfig(configToBeginWith(context, options, place), context.env)
  const people = demoPeople(text)
  const remove = (): void => {
    if (!isKept) rmSync(directory, { recursive: true, force: true })
  }
  // Also when a second Ctrl-C ends the process at once.
  process.once('exit', remove)
  try {
    await serveDaemon(
      { ...context, env: demoEnvironment(context.env) },
      {
        configPath: place.configPath,
        stateDir: place.stateDir,
        listen: { host: options.host, port: options.port },
        linkInTerminal: false,
        showsLink: true,
        demo: true,
        timings: options.qrSeconds === undefined ? {} : { qrTimeoutMs: options.qrSeconds * 1_000 },
        companion: () =>
          options.business === true
            ? startBusinessDemo(text, { configPath: place.configPath, people, api: options.api === true })
            : startSimulator(text, place, people, options),
        onReady: (link) => context.print(welcome(link, place, people, options)),
      },
    )
  } catch (error) {
    throw portFailure(error) ?? error
  } finally {
    remove()
    process.off('exit', remove)
  }
}

function makeTemporaryDirectory(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'whatsappd-demo-'))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CommandFailure(
      `the demo cannot make its temporary directory in ${tmpdir()} (${code}); set TMPDIR to a directory that can be written`,
      { cause: error },
    )
  }
}

/** A directory that stays, for this demo alone until the lock is released. Throws `CommandFailure`. */
function openKept(directory: string): ExclusiveLock {
  const lock = new ExclusiveLock(directory)
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    refuseForeignConfig(directory)
    lock.acquire()
    return lock
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof StorageError) throw error
    if (error instanceof LockHeldError)
      throw new CommandFailure(
        `${directory} is in use by another demo (${error.message}); stop that one, or name another directory`,
        { cause: error },
      )
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CommandFailure(`the demo cannot make the directory ${directory} (${why}); name another one`, {
      cause: error,
    })
  }
}

/** A demo writes its phones before its config: a config without phones is somebody's own, and would be overwritten. */
function refuseForeignConfig(directory: string): void {
  const config = join(directory, CONFIG_NAME)
  if (existsSync(config) && !existsSync(join(directory, SIMULATOR_NAME)))
    throw new CommandFailure(`${config} is a config that no demo wrote; name another directory`)
}

/** The one of the last time, where there was one; else the one that was named; else the example. */
function configToBeginWith(context: CommandContext, { config }: DemoOptions, place: DemoPlace): string {
  if (place.simulatorPath !== null && existsSync(place.configPath)) return place.configPath
  if (config === undefined) return join(context.packageRoot, 'sandbox.config.example.json5')
  return findConfigFile({ configPath: config, env: context.env })
}

/** The simulated WhatsApp with its phones, and the config that leads to it. */
async function startSimulator(
  text: string,
  place: DemoPlace,
  people: DemoPeople,
  { api = false }: DemoOptions,
): Promise<Companion> {
  const [{ Simulator }, { httpFace }, { simulatorApi }, { Hono }] = await Promise.all([
    import('../../simulator/simulator.ts'),
    import('../../simulator/http/http-face.ts'),
    import('../../simulator/http/simulator-api.ts'),
    import('hono'),
  ])
  const simulator = new Simulator()
  await simulator.start()
  const stopKeeping =
    place.simulatorPath === null ? null : await keepSimulator(simulator, place.simulatorPath)
  for (const [phoneNumber, name] of [
    [people.owner, 'Owner'],
    [people.alice, 'Alice'],
    [people.mallory, 'Mallory'],
  ] as const) {
    if (simulator.phone(phoneNumber) === undefined) simulator.createPhone({ phoneNumber, name })
  }
  const { webSocketUrl, noiseRootKey } = simulator
  writeFileSync(place.configPath, demoConfigText(text, { webSocketUrl, noiseRootKey }), { mode: 0o600 })
  const extraRoutes = new Hono().route('/simulator', httpFace(simulator))
  // What stands under /v1 asks for a token.
  if (api)
    extraRoutes.use('/v1/simulator/*', requireLinkScope).route('/v1/simulator', simulatorApi(simulator))
  return {
    extraRoutes,
    stop: async () => {
      stopKeeping?.()
      await simulator.stop()
    },
  }
}

function readConfig(path: string, env: NodeJS.ProcessEnv): string {
  const content = readConfigContent(path, env)
  // As one text: the demo keeps its copy elsewhere.
  if (content.kind === 'text') return composedText(path, content)
  const why = content.kind === 'missing' ? 'is missing' : content.why
  throw new CommandFailure(`the config file ${path} ${why}; name another with --config`)
}

/** Without what would lead the demo to the sandbox's own files, or to its Business number. */
function demoEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOwn = (name: string): boolean =>
    name.startsWith('WHATSAPP_') || name === 'WHATSAPPD_STATE_DIR' || name === 'SANDBOX_CONFIG'
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOwn(name)))
}

function composedText(path: string, config: ConfigText): string {
  try {
    return composedDocument(config).text
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new CommandFailure(`the config file ${path} cannot be used: ${error.message}`, { cause: error })
  }
}

function portFailure(error: unknown): CommandFailure | null {
  if (!(error instanceof DaemonError) || error.details?.['setting'] !== 'whatsappd.listen.port') return null
  return new CommandFailure(
    `${error.message} Stop that process (perhaps another whatsappd), or take another port: whatsappd demo --port 9000 (make demo ARGS="--port 9000").`,
    { cause: error },
  )
}

function welcome(
  link: string,
  { configPath, stateDir, simulatorPath }: DemoPlace,
  people: DemoPeople,
  { api = false, business = false }: DemoOptions,
): string {
  const origin = new URL(link).origin
  const apiLines = api
    ? `
  api     ${origin}/v1/simulator
          with the token in ${join(stateDir, 'token')}`
    : ''
  return `
whatsappd demo: a WhatsApp made for trying things out. No phone, no internet, this machine only.

  page    ${link}
          works once, for five minutes; a new one: whatsappd open --state-dir ${stateDir}
  config  ${configPath}
          edit it in any editor: every save takes effect immediately${apiLines}

${business ? businessSteps(people) : linkedDeviceSteps(people)}
${simulatorPath === null ? 'Ctrl-C ends the demo and removes all of it.' : 'Ctrl-C ends the demo; the same command continues with it.'}
`
}

function linkedDeviceSteps(people: DemoPeople): string {
  return `Try this on the page:
  1. Press "Generate QR code", then "Scan the QR code" on the owner's phone (${people.owner}).
  2. Write as Alice (${people.alice}). She is allowed: the assistant answers.
  3. Write as Mallory (${people.mallory}). A stranger gets nothing, until you press "Allow" or add the number to the config.
  4. Remove the device on the owner's phone. The card says so, and offers a new QR code.
`
}

function businessSteps(people: DemoPeople): string {
  return `Try this on the page:
  1. Write as Alice (${people.alice}). She is allowed: the assistant answers.
  2. Write as Carla, whose number Meta hides: she is named by an id. Press "Allow", or add the id to the config.
  3. Answer by hand on the owner's phone, which has the WhatsApp Business app: the assistant leaves the chat to you.
  4. Press "Let a day pass". 24 hours after somebody's last message only templates reach them.
`
}
