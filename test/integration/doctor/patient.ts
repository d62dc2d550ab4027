import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../src/accounts/schema.ts'
import type { DoctorFinding } from '../../../src/protocol/doctor-report.ts'
import { backUpDatabase } from '../../../src/storage/database/copies/back-up-database.ts'
import { Database } from '../../../src/storage/database/database.ts'
import { openPrivateDirectory } from '../../../src/storage/files/private-directory.ts'
import { CommandLine } from '../../support/command-line.ts'
import { DoctorPlace } from '../../support/doctor-place.ts'

export const ALLOWED = '+15555550123'
const HOLDER = new URL('../../support/lock-holder.ts', import.meta.url)

/** One thing that is wrong, and what a person does who follows the advice. */
export interface Fault {
  name: string
  check: string
  level: DoctorFinding['level']
  /** What the finding says and advises. */
  says: RegExp
  plant(patient: Patient): void | Promise<void>
  /** `action`: what is advised. */
  cure(patient: Patient, action: string | null): unknown
  /** Checks that have more to say after the cure, as the advice says. */
  leaves?: readonly string[]
}

/** A sandbox in which everything is right: an account that was opened, somebody who is allowed, an assistant. */
export class Patient extends DoctorPlace {
  readonly account = join(this.stateDirectory, 'accounts/default')
  readonly file = join(this.account, 'account.db')
  readonly copy = join(this.directory, 'copy.db')
  holder: ChildProcess | null = null
  channel: Record<string, unknown> = {
    allowFrom: [ALLOWED],
    agents: { ada: { connector: 'command', program: 'cat' } },
  }

  constructor() {
    super()
    this.writeConfig()
    mkdirSync(join(this.stateDirectory, 'accounts'), { mode: 0o700 })
    openPrivateDirectory(this.account)
    this.open((database) =>
      database.transaction(() => database.prepare("INSERT INTO facts VALUES ('test', '1')").run()),
    )
    backUpDatabase(this.file, this.copy, ACCOUNT_MIGRATIONS, { overwrite: true })
  }

  /** With these settings in the place of the ones that are right. */
  writeConfig(channel: Record<string, unknown> = {}, daemon: Record<string, unknown> = {}): void {
    this.config({ ...this.channel, ...channel }, daemon)
  }

  open(work: (database: Database) => void): void {
    const database = Database.open(this.file, ACCOUNT_MIGRATIONS)
    try {
      work(database)
    } finally {
      database.close()
    }
  }

  /** Bits that a disk has turned, in the middle of the file. */
  scratch(): void {
    const handle = openSync(this.file, 'r+')
    const { size } = fstatSync(handle)
    writeSync(handle, Buffer.alloc(size / 2, 0xa5), 0, size / 2, size / 4)
    closeSync(handle)
  }

  /** As no program of ours writes. */
  damage(sql: string): void {
    const connection = new DatabaseSync(this.file)
    connection.exec(sql)
    connection.close()
  }

  /** The file and its log, as a power cut leaves them. */
  crash(): void {
    const [file, log] = [this.file, `${this.file}-wal`]
    this.open((database) => {
      database.transaction(() => database.prepare("INSERT INTO facts VALUES ('late', '1')").run())
      for (const path of [file, log]) copyFileSync(path, `${path}.crashed`)
    })
    for (const path of [file, log]) {
      copyFileSync(`${path}.crashed`, path)
      this.follow(`rm '${path}.crashed'`, /.*/)
    }
  }

  /** A process that holds the lock of a directory. */
  async holdLock(directory: string): Promise<void> {
    const holder = fork(HOLDER, [directory], { execArgv: ['--import', 'tsx'] })
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(holder, 'message')
    this.holder = holder
  }

  /** `whatsappd run`, until it answers. */
  async run(): Promise<CommandLine> {
    const daemon = new CommandLine(['run'], {
      ...this.env,
      WHATSAPPD_STATE_DIR: this.stateDirectory,
      SANDBOX_CONFIG: this.configPath,
    })
    onTestFinished(() => daemon.end())
    await daemon.waitFor(/is running on/)
    return daemon
  }

  /** A directory of programs that comes first. */
  program(name: string, text: string): void {
    const directory = join(this.directory, 'programs')
    if (!existsSync(directory)) mkdirSync(directory)
    writeFileSync(join(directory, name), text, { mode: 0o755 })
    this.env['PATH'] = `${directory}:${process.env['PATH']}`
  }

  /** The root of a machine of the test's own, for what the kernel or systemd says. */
  machine(files: Readonly<Record<string, string>>): void {
    const root = join(this.directory, 'machine')
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    this.surroundings.systemRoot = root
  }
}
