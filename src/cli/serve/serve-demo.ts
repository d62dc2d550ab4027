import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findConfigFile } from '../../config/file/find-config-file.ts'
import { readConfigFile } from '../../config/file/read-config-file.ts'
import { DaemonError } from '../../protocol/errors.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import type { ServeOptions } from '../common-options.ts'
import { demoConfigText, demoPeople, type DemoPeople } from './demo-config.ts'
import { type Companion, serveDaemon } from './serve-daemon.ts'

interface DemoPlace {
  directory: string
  configPath: string
  stateDir: string
}

/** Runs the demo until the context's signal is aborted. Leaves nothing behind, however it ends. */
export async function serveDemo(context: CommandContext, options: ServeOptions): Promise<void> {
  const text = readConfig(
    options.config === undefined
      ? join(context.packageRoot, 'sandbox.config.example.json5')
      : findConfigFile({ configPath: options.config, env: context.env }),
  )
  const people = demoPeople(text)
  const directory = makeTemporaryDirectory()
  const place = {
    directory,
    configPath: join(directory, 'sandbox.config.json5'),
    stateDir: join(directory, 'state'),
  }
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
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
        companion: () => startSimulator(text, place, people),
        onReady: (link) => context.print(welcome(link, place, people)),
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

/** The simulated WhatsApp with its phones, and the config that leads to it. */
async function startSimulator(text: string, place: DemoPlace, people: DemoPeople): Promise<Companion> {
  const [{ Simulator }, { httpFace }, { Hono }] = await Promise.all([
    import('../../simulator/simulator.ts'),
    import('../../simulator/http/http-face.ts'),
    import('hono'),
  ])
  const simulator = new Simulator()
  await simulator.start()
  simulator.createPhone({ phoneNumber: people.owner, name: 'Owner' })
  simulator.createPhone({ phoneNumber: people.alice, name: 'Alice' })
  simulator.createPhone({ phoneNumber: people.mallory, name: 'Mallory' })
  const { webSocketUrl, noiseRootKey } = simulator
  writeFileSync(place.configPath, demoConfigText(text, { webSocketUrl, noiseRootKey }), { mode: 0o600 })
  return {
    extraRoutes: new Hono().route('/simulator', httpFace(simulator)),
    stop: () => simulator.stop(),
  }
}

function readConfig(path: string): string {
  const content = readConfigFile(path)
  if (content.kind === 'text') return content.text
  const why = content.kind === 'missing' ? 'is missing' : content.why
  throw new CommandFailure(`the config file ${path} ${why}; name another with --config`)
}

/** Without what would lead the demo to the sandbox's own files. */
function demoEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    WHATSAPP_AUTH_DIR: _authDir,
    WHATSAPPD_STATE_DIR: _stateDir,
    SANDBOX_CONFIG: _config,
    ...rest
  } = env
  return rest
}

function portFailure(error: unknown): CommandFailure | null {
  if (!(error instanceof DaemonError) || error.details?.['setting'] !== 'whatsappd.listen.port') return null
  return new CommandFailure(
    `${error.message} Stop that process (perhaps another whatsappd), or take another port: whatsappd demo --port 9000 (make demo ARGS="--port 9000").`,
    { cause: error },
  )
}

function welcome(link: string, place: DemoPlace, people: DemoPeople): string {
  return `
whatsappd demo: a WhatsApp made for trying things out. No phone, no internet, this machine only.

  page    ${link}
          works once, for five minutes; a new one: whatsappd open --state-dir ${place.stateDir}
  config  ${place.configPath}
          edit it in any editor: every save takes effect immediately

Try this on the page:
  1. Press "Generate QR code", then "Scan the QR code" on the owner's phone (${people.owner}).
  2. Write as Alice (${people.alice}). She is allowed: the assistant answers.
  3. Write as Mallory (${people.mallory}). A stranger gets nothing, until you press "Allow" or add the number to the config.
  4. Remove the device on the owner's phone. The card says so, and offers a new QR code.

Ctrl-C ends the demo and removes all of it.
`
}
