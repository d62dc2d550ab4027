import { unitText } from '../cli/offline/service/unit-text.ts'

/** The unit for a package that npm installed globally. `%h`, `%E` and the like are written by hand in it. */
const GLOBAL = ['/usr/local/bin/whatsappd', 'run'] as const

/** The unit for the system, for those who install it with their own tools; `whatsappd install-service` writes the same with the machine's paths. */
export function renderSystemUnit(): string {
  return unitText({
    kind: 'system',
    user: 'whatsappd',
    command: GLOBAL,
    stateDir: '/var/lib/whatsappd',
    configPath: '/etc/whatsappd/sandbox.config.json5',
    path: null,
    needsHome: false,
    isPlain: false,
  })
}

/** The same for a user: the home directory is `%h`, which systemd replaces. */
export function renderUserUnit(): string {
  const home = '/HOME'
  return unitText({
    kind: 'user',
    user: null,
    command: GLOBAL,
    stateDir: `${home}/.local/state/whatsappd`,
    configPath: `${home}/.config/sandbox/sandbox.config.json5`,
    path: null,
    needsHome: true,
    isPlain: false,
  }).replaceAll(home, '%h')
}
