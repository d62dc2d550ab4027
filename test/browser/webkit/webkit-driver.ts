import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const PROGRAMS = { WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' }
const START_TIMEOUT_MS = 60_000

/** One window of an unmodified WebKitGTK, on a display of its own, driven by W3C WebDriver. */
export class WebKitDriver {
  readonly #processes: ChildProcess[] = []
  #session = ''

  /** What to install, where this machine has no such browser; `null` where it has one. */
  static obstacle(): string | null {
    const missing = Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program))
    if (missing.length === 0) return null
    return `${missing.map(([program]) => program).join(' and ')} missing; install ${missing.map(([, name]) => name).join(' ')}`
  }

  /** Opens the window. The caller stops it, also when this rejects. */
  async start(): Promise<void> {
    const display = await this.#startDisplay()
    const port = await freePort()
    const env = { ...process.env, DISPLAY: display, WEBKIT_DISABLE_DMABUF_RENDERER: '1' }
    const driver = spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], { env, stdio: 'ignore' })
    this.#processes.push(driver)
    const origin = `http://127.0.0.1:${port}`
    const deadline = Date.now() + START_TIMEOUT_MS
    while (!(await isListening(origin))) {
      if (driver.exitCode !== null || Date.now() > deadline) throw new Error('WebKitWebDriver did not start')
      await delay(20)
    }
    this.#session = `${origin}/session`
    const { sessionId } = await this.send<{ sessionId: string }>('POST', '', { capabilities: {} })
    this.#session += `/${sessionId}`
  }

  /** A command of https://www.w3.org/TR/webdriver2/, by its path below the session. Rejects with the driver's error. */
  async send<Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body: object = {}): Promise<Value> {
    const init = method === 'POST' ? { method, body: JSON.stringify(body) } : { method }
    const response = await fetch(`${this.#session}${path}`, init)
    // What the standard says an answer is; the caller names the type of its command.
    const { value } = (await response.json()) as { value: Value }
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }

  async stop(): Promise<void> {
    if (this.#session !== '') await this.send('DELETE', '').catch(() => {})
    for (const child of this.#processes.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = once(child, 'exit')
      child.kill()
      await ended
    }
  }

  /** A display that takes the first free number and tells it. */
  async #startDisplay(): Promise<string> {
    const options = ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp']
    const display = spawn('Xvfb', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    this.#processes.push(display)
    const numbers = display.stdio[3]
    if (numbers === null || numbers === undefined) throw new Error('no pipe to Xvfb')
    const [number] = (await once(numbers, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) })) as [
      Buffer, // a stream without an encoding
    ]
    return `:${number.toString('utf8').trim()}`
  }
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function isListening(origin: string): Promise<boolean> {
  return fetch(`${origin}/status`).then(
    ({ ok }) => ok,
    () => false,
  )
}
