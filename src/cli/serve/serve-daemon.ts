import { existsSync } from 'node:fs'
import type { Hono } from 'hono'
import { installConsoleGuard } from '../../observability/console-guard.ts'
import { createLogger, type Logger } from '../../observability/log/logger.ts'
import { redactText } from '../../observability/log/redact-text.ts'
import { installUnhandledPolicy } from '../../observability/unhandled.ts'
import type { Daemon, DaemonOptions, StartedDaemon } from '../../daemon.ts'
import { loadDaemon } from '../../load-daemon.ts'
import type { CommandContext } from '../command-context.ts'
import { CommandFailure, FAILURE_EXIT_CODE } from '../command-failure.ts'
import { resolveStateDir } from '../state-dir.ts'
import { followLink } from './follow-link.ts'
import { ServiceManager } from './service-manager.ts'
import { withDeadline } from '../../timing/deadline.ts'

/** An orderly stop takes a second or two; a service manager waits ten before it kills. */
const STOP_DEADLINE_MS = 9_000

/** Something that runs beside the daemon: started before it, stopped after it. */
export interface Companion {
  extraRoutes: Hono
  /** The clock of accounts; the machine's without it. */
  now?: () => number
  /** Told once where the daemon serves, `http://host:port`. */
  reached?(origin: string): Promise<void>
  stop(): Promise<void>
}

export interface ServeDaemonOptions {
  configPath: string | undefined
  stateDir: string
  listen: { host: string | undefined; port: number | undefined }
  /** Start linking at once when it can, and draw the QR here. */
  linkInTerminal: boolean
  /** Print the page's single-use link. False where output ends up in a log. */
  showsLink: boolean
  demo?: boolean
  timings?: DaemonOptions['timings']
  /** Started after the guard that keeps key material out of the output. */
  companion?: () => Promise<Companion>
  /** Called once it serves, with the link to the page. */
  onReady?: (link: string) => void
}

/** Runs a daemon until the context's signal is aborted, then stops it in order. Throws when it cannot start. */
export async function serveDaemon(context: CommandContext, options: ServeDaemonOptions): Promise<void> {
  const logger = createLogger({ level: 'info' })
  const guard = installConsoleGuard(logger)
  try {
    const companion = await options.companion?.()
    try {
      await serve(context, options, logger, companion)
    } finally {
      await companion?.stop()
    }
  } finally {
    guard.uninstall()
  }
}

async function serve(
  context: CommandContext,
  options: ServeDaemonOptions,
  logger: Logger,
  companion: Companion | undefined,
): Promise<void> {
  const serviceManager = new ServiceManager({ env: context.env, logger })
  // Not before the guard: it is this import that brings in what prints key material.
  const createDaemon = await loadDaemon()
  const daemon = createDaemon({
    configPath: options.configPath,
    stateDir: options.stateDir,
    env: context.env,
    logger,
    version: context.version,
    listen: options.listen,
    extraRoutes: companion?.extraRoutes,
    now: companion?.now,
    demo: options.demo ?? false,
    timings: options.timings,
  })
  const uninstall = installUnhandledPolicy({
    logger,
    onRejection: () => daemon.replaceSockets(),
    stop: () => daemon.stop(),
    exit: (code) => process.exit(code),
  })
  try {
    const started = await daemon.start()
    await companion?.reached?.(new URL(started.loginLink).origin)
    announce(context, options, started)
    serviceManager.ready(daemon)
    const unfollow = followLink(context, daemon, {
      drawsQr: options.linkInTerminal,
      // The demo's page says what to do.
      tellsHow: options.demo !== true,
      configPath: started.config.path,
      stateDir: isFoundByItself(options.stateDir, context.env) ? null : options.stateDir,
    })
    const ignoreHangUp = context.onHangUp(() => daemon.readConfigAgain())
    await aborted(context.signal)
    ignoreHangUp()
    unfollow()
    if (context.terminal) context.print('\nstopping …')
  } finally {
    serviceManager.stopping()
    await stopInTime(daemon, logger)
    await serviceManager.sent()
    uninstall()
  }
}

function announce(context: CommandContext, options: ServeDaemonOptions, started: StartedDaemon): void {
  if (options.onReady !== undefined) {
    options.onReady(started.loginLink)
    return
  }
  const lines = [`whatsappd ${context.version} is running on ${started.host}, port ${started.port}`]
  lines.push(
    `  state dir  ${options.stateDir}`,
    `  config     ${configLine(started.config, options.showsLink)}`,
  )
  if (options.showsLink) lines.push(`  page       ${started.loginLink}   (works once, for five minutes)`)
  else lines.push('  page       run "whatsappd open" for a link')
  context.print(lines.join('\n'))
}

/** Which config file is followed, and what is wrong with it; `inFull` where a person reads it and no log. */
function configLine({ path, problem, badEntries }: StartedDaemon['config'], inFull: boolean): string {
  if (problem !== null) {
    const inFile = problem.file === undefined ? '' : `, ${problem.file}`
    const place =
      problem.line === null ? '' : `${inFile}, line ${problem.line}, column ${problem.column ?? 1}`
    // What a parser stumbled over may be anything that was meant for the file.
    const what = inFull ? problem.message : `${problem.code}; "whatsappd status" tells more`
    return `${path}${place}\n             not in force: ${redactText(what)}`
  }
  if (badEntries > 0) {
    const what = badEntries === 1 ? '1 entry is ignored' : `${badEntries} entries are ignored`
    return `${path}\n             ${what}; "whatsappd status" names the place`
  }
  return existsSync(path) ? path : `${path} (no file yet: nobody is allowed until it is there)`
}

/** Whether a command without `--state-dir` comes to this daemon, too. */
function isFoundByItself(stateDir: string, env: NodeJS.ProcessEnv): boolean {
  try {
    return resolveStateDir(undefined, env) === stateDir
  } catch {
    return false
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

async function stopInTime(daemon: Daemon, logger: Logger): Promise<void> {
  await withDeadline(daemon.stop(), STOP_DEADLINE_MS, () => {
    logger.error({ deadlineMs: STOP_DEADLINE_MS }, 'the daemon did not stop in time')
    throw new CommandFailure('the daemon did not stop in time; what was stored is safe', {
      exitCode: FAILURE_EXIT_CODE,
    })
  })
}
