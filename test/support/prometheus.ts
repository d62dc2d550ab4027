import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const PROGRAMS = ['prometheus', 'promtool']

/** The Prometheus programs that this machine does not have; `null` where both are there. */
export const noPrometheus: string | null =
  PROGRAMS.filter(
    (name) => !(process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, name))),
  ).join(', ') || null

/** Runs `promtool`; throws with what it says where it finds something. */
export function promtool(arguments_: readonly string[], input = ''): string {
  return execFileSync('promtool', arguments_, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
}

/** One series of an answer. */
interface Series {
  metric: Record<string, string>
  value: [time: number, value: string]
}

export interface Alert {
  labels: Record<string, string>
  annotations: Record<string, string>
  state: 'pending' | 'firing'
}

export interface PrometheusOptions {
  /** `host:port` of what it scrapes. */
  target: string
  token: string
  /** The text of the alert rules. */
  rules: string
}

/** A real Prometheus on a port of its own, which scrapes one daemon and looks at its rules every two seconds, so that a busy machine answers in time. */
export class Prometheus {
  readonly #directory = mkdtempSync(join(tmpdir(), 'prometheus-'))
  readonly #child: ChildProcess
  readonly #url: string
  #output = ''

  private constructor(port: number, { target, token, rules }: PrometheusOptions) {
    this.#url = `http://127.0.0.1:${port}`
    const config = {
      global: { scrape_interval: '2s', scrape_timeout: '2s', evaluation_interval: '500ms' },
      rule_files: ['rules.yml'],
      scrape_configs: [
        {
          job_name: 'whatsappd',
          authorization: { credentials_file: 'token' },
          static_configs: [{ targets: [target] }],
        },
      ],
    }
    writeFileSync(join(this.#directory, 'rules.yml'), rules)
    writeFileSync(join(this.#directory, 'token'), token)
    // YAML takes JSON.
    writeFileSync(join(this.#directory, 'prometheus.yml'), JSON.stringify(config))
    this.#child = spawn(
      'prometheus',
      [
        `--config.file=${join(this.#directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(this.#directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, GOMAXPROCS: '1' } },
    )
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
  }

  /** Resolves when it answers. */
  static async start(options: PrometheusOptions): Promise<Prometheus> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    // A server that listens on a TCP port has an address of this shape.
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    const prometheus = new Prometheus(port, options)
    await prometheus.until('it to be ready', async () => (await prometheus.#get('/-/ready')).ok)
    return prometheus
  }

  /** What an expression gives now; throws where it is none. */
  async query(expression: string): Promise<Series[]> {
    const response = await this.#get(`/api/v1/query?query=${encodeURIComponent(expression)}`)
    const body = (await response.json()) as { status: string; error?: string; data?: { result: Series[] } }
    if (body.data === undefined) throw new Error(`${expression}: ${body.error}`)
    return body.data.result
  }

  /** Resolves with the alert once it fires. */
  async untilFiring(name: string): Promise<Alert> {
    let found: Alert | undefined
    await this.until(`the alert ${name}`, async () => {
      const alerts = await this.#alerts()
      found = alerts.find(({ labels, state }) => labels['alertname'] === name && state === 'firing')
      return found !== undefined
    })
    // It was found a moment ago.
    return found as Alert
  }

  /** The names of the alerts that fire now. */
  async firing(): Promise<string[]> {
    const alerts = await this.#alerts()
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname'] ?? '')
  }

  /** Asks again and again: another process tells nobody when something is so. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const giveUpAt = performance.now() + 60_000
    while (!(await isSo().catch(() => false))) {
      if (performance.now() > giveUpAt) throw new Error(`waited in vain for ${what}\n${this.#output}`)
      if (this.#child.exitCode !== null) throw new Error(`prometheus ended:\n${this.#output}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const gone = once(this.#child, 'exit')
      this.#child.kill('SIGKILL')
      await gone
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }

  async #alerts(): Promise<Alert[]> {
    const response = await this.#get('/api/v1/alerts')
    return ((await response.json()) as { data: { alerts: Alert[] } }).data.alerts
  }

  #get(path: string): Promise<Response> {
    return fetch(`${this.#url}${path}`)
  }
}
