import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** Headless Chromium that talks to nobody but this machine. The caller closes it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-gpu',
      '--disable-quic',
      '--host-resolver-rules=MAP *.test 127.0.0.1',
    ],
  })
}
