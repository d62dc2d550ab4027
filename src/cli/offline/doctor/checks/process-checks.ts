import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { reachableHost } from '../../../../control/http/reachable-host.ts'
import { type Check, fine, problem, warning } from '../check.ts'
import { sentence } from '../../../../text/sentence.ts'

const CONNECT_LIMIT_MS = 2_000

/** Of the machine and of the daemon as a process. */
export const PROCESS_CHECKS: readonly Check[] = [
  {
    id: 'node.version',
    looksAt: 'the version of Node',
    look: ({ packageRoot }) => {
      const version = process.versions.node
      const needed = neededNode(packageRoot)
      return isAtLeast(version, needed)
        ? [fine(`Node ${version}.`)]
        : [problem(`Node ${version} is too old.`, `Install Node ${needed} or newer.`)]
    },
  },
  {
    id: 'daemon.running',
    looksAt: 'whether the daemon of the state directory runs and answers',
    look: ({ daemon }) => {
      if (daemon.state === 'running')
        return [fine(`The daemon answers at ${daemon.authority} (pid ${daemon.pid}).`)]
      if (daemon.state === 'unknown')
        return [
          daemon.action === null
            ? problem('A daemon cannot be asked.', sentence(daemon.why))
            : problem(daemon.why, daemon.action),
        ]
      return [
        warning(
          'No daemon runs with this state directory.',
          'Start it with: whatsappd run. Or name another one with --state-dir.',
        ),
      ]
    },
  },
  {
    id: 'daemon.version',
    looksAt: 'whether the daemon that runs is of the same version as this command',
    look: ({ daemon, version }) => {
      if (daemon.state !== 'running' || daemon.version === null) return []
      return daemon.version === version
        ? [fine(`The daemon is of this version, ${version}.`)]
        : [
            warning(
              `The daemon that runs is version ${daemon.version}, this command ${version}.`,
              'Restart the daemon, so that it runs the version that is installed.',
            ),
          ]
    },
  },
  {
    id: 'daemon.port',
    looksAt: 'whether the port is free, while no daemon runs',
    look: async ({ daemon, config }) => {
      if (daemon.state !== 'not_running' || config === null || config.daemon.listen.port === 0) return []
      const { host, port } = config.daemon.listen
      return (await isTaken(reachableHost(host), port))
        ? [
            problem(
              `Another program uses port ${port}.`,
              'End it, or set another whatsappd.listen.port; a daemon with another state directory may be the one.',
            ),
          ]
        : [fine(`Port ${port} is free.`)]
    },
  },
]

function neededNode(packageRoot: string): string {
  // Our own package.json, shipped with the code.
  const { engines } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    engines: { node: string }
  }
  return engines.node.replace(/^\D*/, '')
}

function isAtLeast(version: string, needed: string): boolean {
  const [have, want] = [version, needed].map((text) => text.split('.').map(Number))
  for (const [index, part] of (want ?? []).entries()) {
    const other = have?.[index] ?? 0
    if (other !== part) return other > part
  }
  return true
}

/** Whether something answers there. */
function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_LIMIT_MS })
    const answer = (taken: boolean): void => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })
}
