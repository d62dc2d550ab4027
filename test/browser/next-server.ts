import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const START_TIMEOUT_MS = 90_000

/** `next start`: a build of Next that renders its pages on a server, in a process of its own. */
export class NextServer {
  readonly #child: ChildProcess
  origin = ''

  /** `directory` is what `frameworkBuild('next')` answers with. */
  constructor(directory: string, sandboxOrigin: string) {
    const program = join(directory, 'node_modules/next/dist/bin/next')
    this.#child = spawn(process.execPath, [program, 'start', '--hostname', '127.0.0.1', '--port', '0'], {
      cwd: join(directory, 'next'),
      env: {
        ...process.env,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        SANDBOX_ORIGIN: sandboxOrigin,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  }

  /** Resolves when it listens. */
  async ready(): Promise<void> {
    let said = ''
    const signal = AbortSignal.timeout(START_TIMEOUT_MS)
    while (!/Ready in/.test(said)) {
      const { stdout } = this.#child
      if (stdout === null) throw new Error('no output of next')
      const [chunk] = (await once(stdout, 'data', { signal })) as [Buffer] // a stream without an encoding
      said += chunk.toString('utf8')
    }
    this.origin = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill()
    await ended
  }
}
