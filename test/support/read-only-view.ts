import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'

const run = (...arguments_: string[]): void => {
  execFileSync('mount', arguments_, { stdio: 'pipe' })
}

/** A directory that shows another one, on a file system that can only be read until it is told otherwise. Needs root. */
export class ReadOnlyView {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  mount(source: string): void {
    mkdirSync(this.directory, { recursive: true })
    run('--bind', source, this.directory)
    run('-o', 'remount,bind,ro', this.directory)
  }

  makeWritable(): void {
    run('-o', 'remount,bind,rw', this.directory)
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.directory], { stdio: 'pipe' })
    rmSync(this.directory, { recursive: true, force: true })
  }
}
