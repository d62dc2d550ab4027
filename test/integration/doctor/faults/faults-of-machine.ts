import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import type { Fault, Patient } from '../patient.ts'

const NO_LIMIT = { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/memory.max': 'max\n' }

/** What systemd would say, in the place of one that does not run here. */
const systemctl = (patient: Patient, state: Record<string, string>): void => {
  const lines = Object.entries({ ActiveState: 'active', UnitFileState: 'enabled', NRestarts: '0', ...state })
  const shown = lines.map(([name, value]) => `${name}=${value}`).join('\n')
  writeFileSync(join(patient.directory, 'shown'), `${shown}\n`)
  // What changes a state is noted, too.
  patient.program(
    'systemctl',
    `#!/bin/sh
case " $* " in
  *" show "*) cat '${patient.directory}/shown' ;;
  *" enable "*) sed -i 's/^UnitFileState=.*/UnitFileState=enabled/' '${patient.directory}/shown' ;;
  *" restart "*) sed -i 's/^ActiveState=.*/ActiveState=active/; s/^NRestarts=.*/NRestarts=0/' '${patient.directory}/shown' ;;
esac
`,
  )
}

/** As `whatsappd install-service --user` writes it. */
const installed = (patient: Patient): string => {
  systemctl(patient, {})
  patient.follow('whatsappd install-service --user', /.*/)
  return join(patient.directory, '.config/systemd/user/whatsappd.service')
}

/** The container, and systemd. */
export const FAULTS_OF_MACHINE: readonly Fault[] = [
  {
    name: 'a container with too little memory',
    check: 'machine.memory',
    level: 'problem',
    says: /A memory limit of 64 MiB is less than an idle daemon needs.*256 MiB/,
    plant: (patient) => patient.machine({ ...NO_LIMIT, 'sys/fs/cgroup/memory.max': `${64 * 2 ** 20}\n` }),
    cure: (patient) => patient.machine({ ...NO_LIMIT, 'sys/fs/cgroup/memory.max': `${256 * 2 ** 20}\n` }),
  },
  {
    name: 'a service in a group of the first version, above which there is a limit',
    check: 'machine.memory',
    level: 'warning',
    says: /A memory limit of 128 MiB leaves no room/,
    plant: (patient) =>
      patient.machine({
        'proc/self/cgroup': '5:cpu,memory:/system.slice/whatsappd.service\n0::/\n',
        'sys/fs/cgroup/memory/system.slice/whatsappd.service/memory.limit_in_bytes': '9223372036854771712\n',
        'sys/fs/cgroup/memory/system.slice/memory.limit_in_bytes': `${128 * 2 ** 20}\n`,
      }),
    cure: (patient) =>
      patient.machine({ 'sys/fs/cgroup/memory/system.slice/memory.limit_in_bytes': '9223372036854771712\n' }),
  },
  {
    name: 'a kernel that ended a process for lack of memory',
    check: 'machine.memory',
    level: 'warning',
    says: /the kernel has ended 2 processes here.*MemoryMax=/,
    plant: (patient) =>
      patient.machine({
        ...NO_LIMIT,
        'sys/fs/cgroup/memory.max': `${200 * 2 ** 20}\n`,
        'sys/fs/cgroup/memory.events': 'low 0\noom 2\noom_kill 2\n',
      }),
    cure: (patient) => patient.machine({ ...NO_LIMIT, 'sys/fs/cgroup/memory.events': 'oom_kill 0\n' }),
  },
  {
    name: 'a service of a program that was moved away',
    check: 'machine.service',
    level: 'problem',
    says: /starts \/opt\/gone\/main\.js, which is not there.*whatsappd install-service --user/,
    plant: (patient) => {
      const unit = installed(patient)
      const text = readFileSync(unit, 'utf8')
      writeFileSync(unit, text.replace(/(ExecStart=.* )\S+main\.js/, '$1/opt/gone/main.js'))
    },
    cure: (patient, action) => patient.follow(action, /whatsappd install-service --user/),
  },
  {
    name: 'a service of another state directory',
    check: 'machine.service',
    level: 'warning',
    says: /uses another state directory than was looked at: \/var\/lib\/other.*install-service/,
    plant: (patient) => {
      const unit = installed(patient)
      writeFileSync(
        unit,
        readFileSync(unit, 'utf8').replace(/(WHATSAPPD_STATE_DIR=)[^\s"]+/, '$1/var/lib/other'),
      )
    },
    cure: (patient, action) => patient.follow(action, /whatsappd install-service --user --state-dir '[^']*'/),
  },
  {
    name: 'a service that is not enabled',
    check: 'machine.service',
    level: 'warning',
    says: /is not enabled.*systemctl --user enable whatsappd/,
    plant: (patient) => {
      installed(patient)
      systemctl(patient, { UnitFileState: 'disabled' })
    },
    cure: (patient, action) => patient.follow(action, /systemctl --user enable whatsappd/),
  },
  {
    name: 'a service that has failed',
    check: 'machine.service',
    level: 'problem',
    says: /The service has failed.*journalctl --user -u whatsappd.*restart whatsappd/,
    plant: (patient) => {
      installed(patient)
      systemctl(patient, { ActiveState: 'failed' })
    },
    cure: (patient, action) => patient.follow(action, /systemctl --user restart whatsappd/),
  },
  {
    name: 'a service that was started again and again',
    check: 'machine.service',
    level: 'warning',
    says: /started the service again 40 times/,
    plant: (patient) => {
      installed(patient)
      systemctl(patient, { NRestarts: '40' })
    },
    cure: (patient, action) => patient.follow(action, /systemctl --user restart whatsappd/),
  },
  {
    name: 'no service, where systemd runs',
    check: 'machine.service',
    level: 'warning',
    says: /does not come back after a reboot.*whatsappd install-service/,
    plant: (patient) => {
      patient.machine({ ...NO_LIMIT, 'run/systemd/system/up': '' })
      systemctl(patient, {})
      mkdirSync(join(patient.directory, 'machine/var/lib/systemd/linger'), { recursive: true })
      writeFileSync(join(patient.directory, 'machine/var/lib/systemd/linger', userInfo().username), '')
    },
    cure: (patient) => installed(patient),
  },
  {
    name: 'a service of a user that ends with the session',
    check: 'machine.service',
    level: 'warning',
    says: /ends with the last session.*loginctl enable-linger/,
    plant: (patient) => {
      installed(patient)
      patient.machine({ ...NO_LIMIT, 'run/systemd/system/up': '' })
      const linger = join(patient.directory, 'machine/var/lib/systemd/linger')
      mkdirSync(linger, { recursive: true })
      patient.program('loginctl', `#!/bin/sh\ntouch '${linger}'/"$2"\n`)
    },
    cure: (patient, action) => patient.follow(action, /loginctl enable-linger \S+/),
  },
  {
    name: 'no ffmpeg',
    check: 'voice.ffmpeg',
    level: 'warning',
    says: /ffmpeg is not there.*Install the package ffmpeg/,
    plant: (patient) => {
      const programs = join(patient.directory, 'few')
      mkdirSync(programs)
      for (const name of ['cat', 'sh']) symlinkSync(`/bin/${name}`, join(programs, name))
      patient.env['PATH'] = programs
    },
    cure: (patient) => {
      const text = '#!/bin/sh\n'
      patient.program('ffmpeg', text)
    },
  },
]
