import { isRecord } from '../../protocol/is-record.ts'
import type { PathSegment } from '../document/json5-tree.ts'

/** As OpenClaw has them: `${NAME}` stands for the variable, `$${NAME}` for `${NAME}` itself. Other texts are none. */
const REFERENCE = /\$?\$\{([A-Z_][A-Z0-9_]*)\}/g
const ONE_REFERENCE = /^\$\{([A-Z_][A-Z0-9_]*)\}$/
/** No setting takes a longer text. */
const MAX_TEXT = 65_536
/** Of all expanded texts of a file together, in characters: a file may name a long variable very often. */
const MAX_TOTAL = 1_048_576

/** A text of the config that refers to variables. */
export interface Expansion {
  path: readonly PathSegment[]
  /** As it stands in the file. */
  written: string
  /** The one variable that it consists of; `null` for a text with more in it. */
  variable: string | null
  /** What keeps it from being expanded, without a full stop; `null` where it was. */
  failure: { code: 'unset_variable' | 'too_large'; message: string } | null
}

/**
 * Puts the values of environment variables into texts of the config, and remembers what was written there: only the daemon's own work
 * uses an expanded text. Whatever is shown, logged, stored or told has the written one.
 */
export class Expansions {
  readonly #env: NodeJS.ProcessEnv
  readonly #byPath = new Map<string, Expansion>()
  readonly #variables = new Map<string, string>()
  readonly #failures: Expansion[] = []
  #total = 0

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  /** Values of the variables that expanded texts contain, by name. Secrets that are references are not among them. */
  get variables(): ReadonlyMap<string, string> {
    return this.#variables
  }

  get all(): Iterable<Expansion> {
    return this.#byPath.values()
  }

  /** The text at `path`; `null` where nothing in it refers to a variable. */
  at(path: readonly PathSegment[]): Expansion | null {
    return this.#byPath.get(JSON.stringify(path)) ?? null
  }

  /** Texts at or below `path` that could not be expanded. */
  failuresIn(path: readonly PathSegment[]): Expansion[] {
    if (this.#failures.length === 0) return []
    return this.#failures.filter(({ path: place }) =>
      path.every((segment, index) => place[index] === segment),
    )
  }

  /** The value with its texts expanded; the same one where nothing is. A text that cannot be expanded stays as it is written. */
  expand(value: unknown, path: readonly PathSegment[]): unknown {
    if (typeof value === 'string') return value.includes('${') ? this.#expandText(value, path) : value
    if (Array.isArray(value)) {
      const items = value.map((item: unknown, index) => this.expand(item, [...path, index]))
      return items.some((item, index) => item !== value[index]) ? items : value
    }
    if (!isRecord(value)) return value
    const entries = Object.entries(value)
    const expanded = entries.map(([key, inner]) => [key, this.expand(inner, [...path, key])] as const)
    return expanded.some(([, inner], index) => inner !== entries[index]?.[1])
      ? Object.fromEntries(expanded)
      : value
  }

  #expandText(written: string, path: readonly PathSegment[]): string {
    const names = new Set<string>()
    const parts: string[] = []
    let from = 0
    let length = 0
    for (const { 0: found, 1: name = '', index } of written.matchAll(REFERENCE)) {
      const isLiteral = found.startsWith('$$')
      const part = isLiteral ? found.slice(1) : (this.#env[name] ?? '')
      if (!isLiteral) names.add(name)
      length += part.length
      if (length <= MAX_TEXT) parts.push(written.slice(from, index), part)
      from = index + found.length
    }
    if (from === 0) return written
    const text = parts.join('') + written.slice(from)
    const failure = this.#failureOf(names, Math.max(length, text.length))
    const variable = ONE_REFERENCE.exec(written)?.[1] ?? null
    const expansion = { path, written, variable, failure }
    this.#byPath.set(JSON.stringify(path), expansion)
    if (failure !== null) {
      this.#failures.push(expansion)
      return written
    }
    for (const name of names) this.#variables.set(name, this.#env[name] ?? '')
    return text
  }

  #failureOf(names: ReadonlySet<string>, length: number): Expansion['failure'] {
    const unset = [...names].filter((name) => (this.#env[name] ?? '') === '')
    if (unset.length > 0) {
      const which = unset.length === 1 ? `variable ${unset[0]} is` : `variables ${unset.join(', ')} are`
      return {
        code: 'unset_variable',
        message: `The environment ${which} not set. Set it where whatsappd is started, or write the value here`,
      }
    }
    this.#total += length
    if (length <= MAX_TEXT && this.#total <= MAX_TOTAL) return null
    return { code: 'too_large', message: 'With its variables this text is too long' }
  }
}
