import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const PARTS = ['account.db', 'account.db-wal']

/** The files of one account's directory, as a process that was killed leaves them. */
export class AccountFiles {
  readonly directory: string
  readonly file: string

  constructor(stateDir: string, account = 'default') {
    this.directory = join(stateDir, 'accounts', account)
    this.file = join(this.directory, 'account.db')
  }

  /** What a crash at this moment would leave: only what is committed. */
  copyTo(directory: string): void {
    mkdirSync(directory, { recursive: true })
    for (const name of PARTS) {
      if (existsSync(join(this.directory, name))) cpSync(join(this.directory, name), join(directory, name))
    }
  }

  /** Puts such a copy in the place of whatever is there. */
  replaceBy(directory: string): void {
    rmSync(this.directory, { recursive: true, force: true })
    mkdirSync(this.directory, { recursive: true, mode: 0o700 })
    for (const name of PARTS) {
      if (existsSync(join(directory, name))) cpSync(join(directory, name), join(this.directory, name))
    }
  }

  /** Every byte of the database and its log. */
  bytes(): Record<string, string> {
    const names = readdirSync(this.directory).filter((name) => PARTS.includes(name))
    return Object.fromEntries(
      names.map((name) => [name, readFileSync(join(this.directory, name)).toString('base64')]),
    )
  }
}
