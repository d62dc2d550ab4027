import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { constants, Script } from 'node:vm'
import type { CachedScript } from './cache-file.ts'
import type { ProgramFiles } from './program-files.ts'

/** The build makes a function of each file, with these arguments. */
type Wrapper = (
  exports: object,
  require: (name: string) => unknown,
  module: { exports: object },
  filename: string,
  directory: string,
  url: string,
  load: (name: string) => Promise<unknown>,
  script: (name: string) => unknown,
) => void

/**
 * Loads the files of the program, as `require` does, each with what V8 made of it at an earlier start. A file that is not as it was then,
 * and what this V8 does not accept, is compiled anew.
 */
export class ProgramLoader {
  /** Whether a file was loaded that the cache knew nothing of. */
  isIncomplete = false
  readonly #files: ProgramFiles
  readonly #directory: string
  readonly #cached: Map<string, CachedScript>
  readonly #modules = new Map<string, { exports: object }>()
  readonly #scripts: { name: string; stamp: string; script: Script }[] = []

  /** `directory`: where the files seem to lie, for what they require from other packages and for traces. */
  constructor(files: ProgramFiles, directory: string, cached: readonly CachedScript[]) {
    this.#files = files
    this.#directory = directory
    this.#cached = new Map(cached.map((script) => [script.name, script]))
  }

  /** What `name`, a file of the program, exports. Runs it where that has not happened yet. */
  load(name: string): object {
    const known = this.#modules.get(name)
    if (known !== undefined) return known.exports
    const path = join(this.#directory, name)
    const module = { exports: {} }
    this.#modules.set(name, module)
    try {
      const wrapper = this.#compile(name, path)
      const other = createRequire(path)
      const require = (wanted: string): unknown =>
        wanted.startsWith('./') ? this.load(wanted.slice(2)) : (other(wanted) as unknown)
      const load = (wanted: string): Promise<unknown> => Promise.resolve(wanted).then(require)
      const { href } = pathToFileURL(path)
      wrapper(module.exports, require, module, path, this.#directory, href, load, require)
    } catch (error) {
      this.#modules.delete(name)
      throw error
    }
    return module.exports
  }

  /** What V8 has made of the files by now; a turn of the event loop for each. */
  async *cache(): AsyncGenerator<CachedScript> {
    for (const { name, stamp, script } of this.#scripts) {
      await nextTurn()
      yield { name, stamp, data: script.createCachedData() }
    }
  }

  #compile(name: string, path: string): Wrapper {
    const stamp = this.#files.stampOf(name)
    const cached = this.#cached.get(name)
    const script = new Script(this.#files.read(name), {
      filename: path,
      cachedData: cached?.stamp === stamp ? cached.data : undefined,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    this.#cached.delete(name)
    if (script.cachedDataRejected !== false) this.isIncomplete = true
    this.#scripts.push({ name, stamp, script })
    return script.runInThisContext() as Wrapper
  }
}
