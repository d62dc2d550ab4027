import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { noteBackup } from '../../../../src/cli/offline/backup-note.ts'
import { openPrivateDirectory } from '../../../../src/storage/files/private-directory.ts'
import type { Fault, Patient } from '../patient.ts'

const DAY_MS = 86_400_000
const SOMEBODY = 65_533

const restoreCopy = (patient: Patient, action: string | null): unknown =>
  patient.follow(
    (action ?? '').replace('<file of whatsappd backup>', `'${patient.copy}'`),
    /whatsappd restore --account default '[^']*'/,
  )

const endHolder = async (patient: Patient, action: string | null): Promise<void> => {
  if (patient.holder === null) throw new Error('nobody holds anything')
  const ended = once(patient.holder, 'exit')
  patient.follow(action, /kill \d+/)
  await ended
}

/** Everything that has to do with the state directory. Those of other users need root. */
export const FAULTS_OF_FILES: readonly Fault[] = [
  {
    name: 'a state directory that is open to others, and holds other files, too',
    check: 'state.directory',
    level: 'problem',
    says: /has mode 0755.*chmod 700/,
    plant: ({ stateDirectory }) => {
      chmodSync(stateDirectory, 0o755)
      writeFileSync(join(stateDirectory, 'holiday.jpg'), '')
    },
    cure: (patient, action) => patient.follow(action, /chmod 700 '[^']*'/),
  },
  ...(process.getuid?.() === 0
    ? [
        {
          name: 'a state directory of another user',
          check: 'state.directory',
          level: 'problem',
          says: /belongs to user 65533.*chown -R 0/,
          plant: ({ stateDirectory }: Patient) => chownSync(stateDirectory, SOMEBODY, SOMEBODY),
          cure: (patient: Patient, action: string | null) => patient.follow(action, /chown -R 0 '[^']*'/),
        } as const,
      ]
    : []),
  {
    name: 'an account.db that others may write to',
    check: 'state.files',
    level: 'problem',
    says: /account\.db has mode 0666.*chmod 600/,
    plant: ({ file }) => chmodSync(file, 0o666),
    cure: (patient, action) => patient.follow(action, /chmod 600 '[^']*'/),
  },
  {
    name: 'an account.db with a second name',
    check: 'state.files',
    level: 'problem',
    says: /has a second name.*copy it to a file of its own/i,
    plant: ({ file, directory }) => linkSync(file, join(directory, 'second.db')),
    cure: ({ file }) => {
      copyFileSync(file, `${file}.own`)
      renameSync(`${file}.own`, file)
      chmodSync(file, 0o600)
    },
  },
  {
    name: 'an account.db of a newer whatsappd',
    check: 'state.database',
    level: 'problem',
    says: /made by a newer whatsappd \(schema 999.*Upgrade.*whatsappd restore --account default '.*v45\.bak'/,
    plant: (patient) => {
      copyFileSync(patient.copy, `${patient.file}.v45.bak`)
      patient.damage('PRAGMA user_version=999')
    },
    cure: (patient, action) => patient.follow(action, /whatsappd restore --account default '[^']*'/),
    leaves: ['state.leftovers'],
  },
  {
    name: 'an account.db that is damaged inside',
    check: 'state.database',
    level: 'problem',
    says: /cannot be read.*whatsappd restore/,
    plant: (patient) => patient.scratch(),
    cure: restoreCopy,
    leaves: ['state.leftovers'],
  },
  {
    name: 'an account.db with a trigger of somebody else',
    check: 'state.database',
    level: 'problem',
    says: /holds the trigger "spy".*whatsappd restore/,
    plant: (patient) => patient.damage('CREATE TRIGGER spy AFTER INSERT ON facts BEGIN SELECT 1; END'),
    cure: restoreCopy,
    leaves: ['state.leftovers'],
  },
  {
    name: 'an account.db of which only the beginning is there',
    check: 'state.database',
    level: 'problem',
    says: /is not a database.*whatsappd restore/,
    plant: ({ file }) => truncateSync(file, 40),
    cure: restoreCopy,
    leaves: ['state.leftovers'],
  },
  {
    name: 'an account.db that is gone, with its log still there',
    check: 'state.database',
    level: 'problem',
    says: /is missing, but .*-wal is there.*rm '/,
    plant: (patient) => {
      patient.crash()
      rmSync(patient.file)
    },
    cure: (patient, action) => patient.follow(action, /rm '[^']*'/),
    leaves: ['account.link'],
  },
  {
    name: 'a link that another instance used last',
    check: 'state.owner',
    level: 'warning',
    says: /used by the instance "sandbox-1" last; this one is "sandbox-2".*take-over default/,
    plant: (patient) => {
      patient.open((database) =>
        database.transaction(() =>
          database
            .prepare('INSERT INTO facts VALUES (?, ?)')
            .run('owner', JSON.stringify({ instanceId: 'sandbox-1', hostname: 'one', lastAliveAt: 1 })),
        ),
      )
      patient.env['WHATSAPPD_INSTANCE_ID'] = 'sandbox-2'
    },
    cure: ({ env }) => void (env['WHATSAPPD_INSTANCE_ID'] = 'sandbox-1'),
  },
  {
    name: 'a daemon that was killed in the middle of its work',
    check: 'state.log',
    level: 'warning',
    says: /did not stop in order.*account\.db-wal.*whatsappd run.*Never delete/,
    plant: (patient) => patient.crash(),
    cure: async (patient) => (await patient.run()).end(),
  },
  {
    name: 'an account.db that was set aside',
    check: 'state.leftovers',
    level: 'warning',
    says: /account\.db\.damaged was set aside.*credentials.*rm '/,
    plant: ({ file }) => copyFileSync(file, `${file}.damaged`),
    cure: (patient, action) => patient.follow(action, /rm '[^']*'/),
  },
  {
    name: 'a copy that was interrupted',
    check: 'state.leftovers',
    level: 'warning',
    says: /is what a copy left that was interrupted.*rm '/,
    plant: ({ file }) => {
      const draft = `${file}.whatsappd.0123456789ab.tmp`
      writeFileSync(draft, 'half', { mode: 0o600 })
      const then = (Date.now() - DAY_MS) / 1_000
      utimesSync(draft, then, then)
    },
    cure: (patient, action) => patient.follow(action, /rm '[^']*'/),
  },
  {
    name: 'a copy of the account that is two months old',
    check: 'state.backup',
    level: 'warning',
    says: /copy\.db, is 60 days old.*whatsappd backup/,
    plant: ({ account, copy }) => noteBackup(account, { at: Date.now() - 60 * DAY_MS, file: copy }),
    cure: (patient, action) => patient.follow(action, /whatsappd backup .*/),
  },
  {
    name: 'a copy of the account that is gone',
    check: 'state.backup',
    level: 'warning',
    says: /is not there any more.*whatsappd backup/,
    plant: ({ account, directory }) =>
      noteBackup(account, { at: Date.now(), file: join(directory, 'gone.db') }),
    cure: (patient, action) => patient.follow(action, /whatsappd backup .*/),
  },
  {
    name: 'another process that holds the directory of the account',
    check: 'state.lock',
    level: 'problem',
    says: /is held by process \d+ \(.*\), which is not the daemon.*kill \d+/,
    plant: (patient) => patient.holdLock(patient.account),
    cure: endHolder,
  },
  {
    name: 'a process that holds the state directory, and is no daemon that answers',
    check: 'state.lock',
    level: 'problem',
    says: /The state directory .* is held by process \d+.*kill \d+/,
    plant: (patient) => patient.holdLock(patient.stateDirectory),
    cure: endHolder,
  },
  {
    name: 'another host that uses the account',
    check: 'state.shared',
    level: 'problem',
    says: /The host pod-7 has used .*whatsappd\.lock\.redis/,
    plant: ({ account }) =>
      writeFileSync(join(account, 'host.json'), JSON.stringify({ bootId: 'another', hostname: 'pod-7' }), {
        mode: 0o600,
      }),
    // As its daemon does when it stops.
    cure: ({ account }) => rmSync(join(account, 'host.json')),
  },
  {
    name: 'a local token that others can read',
    check: 'control.token',
    level: 'problem',
    says: /token has mode 0644.*whatsappd token --rotate/,
    plant: ({ stateDirectory }) => {
      writeFileSync(join(stateDirectory, 'token'), `${'a'.repeat(43)}\n`)
      chmodSync(join(stateDirectory, 'token'), 0o644)
    },
    cure: (patient, action) => patient.follow(action, /whatsappd token --rotate/),
  },
  {
    name: 'a local token that is none',
    check: 'control.token',
    level: 'problem',
    says: /does not hold a token.*whatsappd token --rotate/,
    plant: ({ stateDirectory }) => writeFileSync(join(stateDirectory, 'token'), 'x', { mode: 0o600 }),
    cure: (patient, action) => patient.follow(action, /whatsappd token --rotate/),
  },
  {
    name: 'the link of another program that was not taken over',
    check: 'account.link',
    level: 'problem',
    says: /holds the link of another program.*whatsappd import/,
    plant: ({ account, file }) => {
      renameSync(file, `${file}.elsewhere`)
      writeFileSync(join(account, 'creds.json'), '{}', { mode: 0o600 })
    },
    // Or, as it says: move its files away.
    cure: ({ account, file, directory }) => {
      renameSync(join(account, 'creds.json'), join(directory, 'creds.json'))
      renameSync(`${file}.elsewhere`, file)
    },
  },
  {
    name: 'an account that was never opened',
    check: 'account.link',
    level: 'warning',
    says: /has never been opened here.*whatsappd run/,
    plant: ({ account }) => rmSync(account, { recursive: true }),
    cure: async (patient) => (await patient.run()).end(),
  },
  {
    name: 'an account directory of others, with their files',
    check: 'state.files',
    level: 'problem',
    says: /has mode 0755.*chmod 700/,
    plant: ({ account }) => {
      openPrivateDirectory(account)
      chmodSync(account, 0o755)
      writeFileSync(join(account, 'notes.txt'), '')
    },
    cure: (patient, action) => patient.follow(action, /chmod 700 '[^']*'/),
  },
]
