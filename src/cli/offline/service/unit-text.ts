/** Where the service and its files are. All paths are absolute. */
export interface UnitPlaces {
  kind: 'system' | 'user'
  /** Of a system service; a user's own service runs as that user. */
  user: string | null
  /** The program and its arguments. */
  command: readonly string[]
  stateDir: string
  configPath: string
  /** Where programs of agents are found; `null` for the usual places. */
  path: string | null
  /** Under a home directory, what has to be readable besides what is written. */
  needsHome: boolean
  /** Without what needs name spaces, which not every kernel gives to users. */
  isPlain: boolean
}

/** What each one is for, and which of them the tests set: docs/deploy/systemd.md. `MemoryDenyWriteExecute=` is not among them: V8 compiles as it runs. */
const WITHOUT_NAME_SPACES = [
  'NoNewPrivileges=yes',
  'UMask=0077',
  'KeyringMode=private',
  'LockPersonality=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  'SystemCallErrorNumber=EPERM',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
] as const

const WITH_NAME_SPACES = [
  'PrivateUsers=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'PrivateDevices=yes',
  'PrivateMounts=yes',
  'PrivateTmp=yes',
  'ProtectSystem=strict',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectProc=invisible',
  'ProcSubset=pid',
] as const

/**
 * The unit of the daemon for systemd 247 and later. It ends by itself only with an exit code that another start does not change (2, a
 * usage error); otherwise it is started again, for as long as it takes. A service that merely waits for a scan is not restarted.
 * Throws where a path holds a line break, which no unit can.
 */
export function unitText(places: UnitPlaces): string {
  const { kind, user, command, stateDir, configPath, path, isPlain } = places
  const isSystem = kind === 'system'
  const sections = [
    '[Unit]',
    'Description=whatsappd, a WhatsApp number for the assistant of this machine',
    ...(isSystem ? ['Wants=network-online.target', 'After=network-online.target'] : []),
    '# It is started again for as long as it takes.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    '# systemd-notify, which the daemon starts, sends the messages.',
    'NotifyAccess=all',
    `ExecStart=${command.map((word) => quoted(word, 'command')).join(' ')}`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    'RestartSec=5',
    '# A command line that cannot be understood.',
    'RestartPreventExitStatus=2',
    '# The files of an older version may take a while.',
    'TimeoutStartSec=10min',
    '# The daemon stops in order within nine seconds.',
    'TimeoutStopSec=20',
    'WatchdogSec=3min',
    ...(user === null ? [] : [`User=${quoted(user, 'setting')}`]),
    `Environment=${quoted(`WHATSAPPD_STATE_DIR=${stateDir}`, 'setting')}`,
    `Environment=${quoted(`SANDBOX_CONFIG=${configPath}`, 'setting')}`,
    ...(path === null ? [] : [`Environment=${quoted(`PATH=${path}`, 'setting')}`]),
    '# Secrets of the config that are named by variables, such as a key of an agent.',
    `EnvironmentFile=-${specifierFree(`${directoryOf(configPath)}/whatsappd.env`)}`,
    '',
    ...WITHOUT_NAME_SPACES,
    ...(isSystem ? ['RemoveIPC=yes'] : []),
    ...(isPlain ? [] : nameSpaces(places)),
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user' : 'default'}.target`,
  ]
  return `${sections.join('\n')}\n`
}

function nameSpaces({ stateDir, configPath, needsHome }: UnitPlaces): string[] {
  return [
    ...WITH_NAME_SPACES,
    `ProtectHome=${needsHome ? 'read-only' : 'yes'}`,
    '# A dashboard may edit the config, which replaces the file: its directory is written, too.',
    ...[stateDir, directoryOf(configPath)].map(
      (directory) => `ReadWritePaths=${quoted(directory, 'setting')}`,
    ),
  ]
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

/** As systemd.syntax(7) and, for commands, systemd.service(5) have it. */
function quoted(text: string, place: 'command' | 'setting'): string {
  const word = specifierFree(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  const literal = place === 'command' ? word.replaceAll('$', '$$$$') : word
  return /^[\w@%+=:,./$-]+$/.test(literal) ? literal : `"${literal}"`
}

function specifierFree(text: string): string {
  if (/[\n\r\0]/.test(text)) throw new Error(`a unit cannot name ${JSON.stringify(text)}`)
  return text.replaceAll('%', '%%')
}
