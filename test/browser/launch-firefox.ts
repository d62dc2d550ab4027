import { firefox } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Of Playwright's own objects, what is used below. They are not part of its interface; its version is pinned. */
interface Internals {
  _connection: { toImpl(browser: Browser): { _browserSession: { send: Send } } }
}

type Send = (method: string, parameters?: unknown) => Promise<unknown>

/** An unmodified Firefox, headless, driven by WebDriver BiDi. Every host name is this machine. */
export async function launchFirefox(executablePath: string): Promise<Browser> {
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath,
    firefoxUserPrefs: {
      'network.dns.forceResolve': '127.0.0.1',
      // It asks for one on every page, and reports the policy that forbids it as an error of the page.
      'browser.chrome.site_icons': false,
    },
  })
  withoutMediaFeatures(browser)
  return browser
}

/**
 * Playwright sets the media features of every context and fails where a Firefox does not know the command, which came after
 * 153. Such a Firefox keeps its own: light, motion, no forced colours.
 */
function withoutMediaFeatures(browser: Browser): void {
  // Playwright's class has these members; its types leave them out.
  const { _connection: connection } = browser as unknown as Internals
  const { _browserSession: session } = connection.toImpl(browser)
  const send = session.send.bind(session)
  session.send = async (method, parameters) =>
    method === 'emulation.setMediaFeaturesOverride' ? {} : send(method, parameters)
}
