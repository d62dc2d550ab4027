import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import { launchFirefox } from './launch-firefox.ts'

export type BrowserName = 'chromium' | 'firefox'

export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const FIREFOX =
  process.env['FIREFOX_PATH'] ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path))

/** Playwright 1.65 sends commands that Firefox 140 ESR does not know; this one it drives. */
const OLDEST_FIREFOX = 153
const firefoxVersion = FIREFOX === undefined ? 0 : versionOf(FIREFOX)
const hasFirefox = firefoxVersion >= OLDEST_FIREFOX

if (FIREFOX === undefined) console.warn('no test in Firefox: install firefox-esr, or set FIREFOX_PATH')
else if (!hasFirefox) {
  const cure = `upgrade firefox-esr to ${OLDEST_FIREFOX} or later, or set FIREFOX_PATH`
  console.warn(`no test in Firefox: ${FIREFOX} is version ${firefoxVersion}; ${cure}`)
}

/** The major version, from the file that every Firefox has beside its program; one without it counts as new enough. */
function versionOf(firefox: string): number {
  const application = join(dirname(realpathSync(firefox)), 'application.ini')
  if (!existsSync(application)) return OLDEST_FIREFOX
  const [, version = OLDEST_FIREFOX] = /^Version=(\d+)/m.exec(readFileSync(application, 'utf8')) ?? []
  return Number(version)
}

/** Those that this machine has; Chromium is always one of them. */
export const BROWSERS: readonly BrowserName[] = hasFirefox ? ['chromium', 'firefox'] : ['chromium']

/**
 * What Playwright switches off too (the last list counts), and the suggestions below the address, a page of Chromium's own in each window: each
 * context has a window, and would spend more time on that page than most tests do.
 */
const SWITCHED_OFF = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxPopup',
]

/** Only this machine, and as `*.test`. */
export const CHROMIUM_ARGUMENTS = [
  `--disable-features=${SWITCHED_OFF.join(',')}`,
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
  '--disable-quic',
  '--host-resolver-rules=MAP *.test 127.0.0.1',
]

/** A headless browser that talks to nobody but this machine; every `*.test` is this machine. The caller closes it. */
export function openBrowser(name: BrowserName = 'chromium'): Promise<Browser> {
  if (name === 'firefox') return launchFirefox(FIREFOX ?? 'firefox-esr')
  return chromium.launch({
    executablePath: CHROMIUM,
    args: CHROMIUM_ARGUMENTS,
  })
}
