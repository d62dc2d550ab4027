import type { ConfigProblem } from '../../protocol/config/config-problem.ts'
import { formatPath } from '../document/config-document.ts'
import { type Json5Tree, readJson5, UnreadableError } from '../document/json5-reader.ts'
import type { MemberNode, ObjectNode, PathSegment, Range, ValueNode } from '../document/json5-tree.ts'
import { memberOf } from '../document/json5-tree.ts'
import { ConfigError } from '../problems/config-error.ts'
import type { ProblemCode } from '../problems/problem-codes.ts'
import { type Composition, type Hole, type Region, type SourceFile, visitRegion } from './composition.ts'
import { type ConfigText, INCLUDE_KEY, type IncludedFile } from './config-text.ts'
import { type IncludeSite, includeSites } from './include-sites.ts'
import { placeIn } from './place-in.ts'
import { unreadableFile } from './unreadable-file.ts'

/** Each use of `$include` is followed at most so often: a file may include one that includes others, twice each. */
const MAX_FOLLOWED = 64
/** As of a single file: the kept copy has all of it. */
const MAX_BYTES = 1_048_576
const BYTE_ORDER_MARK = '\uFEFF'

/** A value of one file, where it stands in the config. */
interface Value {
  file: SourceFile
  node: ValueNode
  path: readonly PathSegment[]
  /** Names of the files that led to it. */
  chain: readonly string[]
  /** Whether `$include` is one of its members, and is followed already. */
  isFollowed?: boolean
}

/**
 * One text in place of a config file and those that it includes, as OpenClaw puts them together: an object that has nothing but
 * `$include` is replaced by the content of the file; of several files, and of the keys beside `$include`, the later one wins, objects are
 * merged and lists follow one another. What concerns no section of ours is left as it is. Throws `ConfigError`, which names file
 * and place, for what cannot be followed.
 */
export function compose(config: ConfigText): Composition {
  return new Composer(config).compose()
}

class Composer {
  readonly #config: ConfigText
  readonly #included: ReadonlyMap<string, IncludedFile>
  readonly #trees = new Map<SourceFile, Json5Tree>()
  readonly #files = new Map<string, SourceFile>()
  readonly #used = new Set<IncludedFile>()
  #followed = 0

  constructor(config: ConfigText) {
    this.#config = config
    this.#included = new Map(
      (config.included ?? []).map((file) => [JSON.stringify([file.from, file.written]), file]),
    )
  }

  compose(): Composition {
    const file = sourceFile('', '', this.#config.text)
    const value: Value = { file, node: this.#rootOf(file), path: [], chain: [''] }
    const root: Region = { file, range: [0, file.body.length], holes: this.#holesIn(value) }
    const parts: string[] = []
    let bytes = 0
    const add = (text: string): void => {
      bytes += Buffer.byteLength(text)
      if (bytes > MAX_BYTES)
        throw new ConfigError([
          {
            code: 'too_large',
            path: '',
            line: null,
            column: null,
            message: 'All files together are larger than 1 MiB.',
          },
        ])
      parts.push(text)
    }
    visitRegion(root, {
      slice: ({ body }, [from, to]) => add(body.slice(from, to)),
      glue: (text) => add(text),
    })
    const { text, included = [] } = this.#config
    const used = included.filter((each) => this.#used.has(each))
    const isApart = root.holes.length > 0
    return { root, text: parts.join(''), config: isApart ? { text, included: used } : { text } }
  }

  #holesIn({ file, node, path, chain }: Value): Hole[] {
    return includeSites(node, path).map((site) => ({
      range: site.node.range,
      pieces: this.#merged(this.#layersOf(site, file, chain), site, file),
    }))
  }

  /** What is put together in the place of an object with `$include`, the one that wins last. */
  #layersOf(site: IncludeSite, file: SourceFile, chain: readonly string[]): Value[] {
    const { node, path, files } = site
    if (files === null || memberCount(node, INCLUDE_KEY) > 1)
      throw problem(file, site, 'bad_include', 'Must be a path, or a list of paths, and stand there once.')
    const included = files.flatMap((written) => this.#layersOfFile(written, site, file, chain))
    if (node.members.length === 1) return included
    if (included.some((layer) => layer.node.type !== 'object'))
      throw problem(file, site, 'bad_include', 'Beside other keys a file is included that holds no object.')
    return [...included, { file, node, path, chain, isFollowed: true }]
  }

  #layersOfFile(written: string, site: IncludeSite, from: SourceFile, chain: readonly string[]): Value[] {
    const found = this.#included.get(JSON.stringify([from.name, written]))
    this.#followed += 1
    if (found === undefined || this.#followed > MAX_FOLLOWED)
      throw problem(from, site, 'bad_include', `More than ${MAX_FOLLOWED} files are included.`)
    const { content } = found
    this.#used.add(found)
    if ('failure' in content) throw problem(from, site, content.failure.code, content.failure.message)
    if (chain.includes(found.name))
      throw problem(from, site, 'bad_include', 'The file includes itself, perhaps by way of another one.')
    const file = this.#files.get(found.name) ?? sourceFile(found.name, found.path, content.text)
    this.#files.set(found.name, file)
    const node = this.#rootOf(file)
    const value: Value = { file, node, path: site.path, chain: [...chain, found.name] }
    const isSite = node.type === 'object' && memberOf(node, INCLUDE_KEY) !== undefined
    const [inner] = isSite ? includeSites(node, site.path) : []
    return inner === undefined ? [value] : this.#layersOf(inner, file, value.chain)
  }

  /** The later layer wins; objects are merged, and lists follow one another. */
  #merged(layers: readonly Value[], site: IncludeSite, file: SourceFile): (string | Region)[] {
    const last = layers.at(-1)
    if (last === undefined) return ['{}']
    const other = layers.findLastIndex(({ node }) => node.type !== last.node.type)
    const alike = last.node.type === 'scalar' ? [last] : layers.slice(other + 1)
    if (alike.length === 1 && last.isFollowed !== true) return [this.#region(last, last.node.range)]
    if (last.node.type === 'array') return this.#concatenated(alike)
    return this.#mergedObjects(alike, site, file)
  }

  #concatenated(lists: readonly Value[]): (string | Region)[] {
    const runs = lists.flatMap((list) => {
      const elements = list.node.type === 'array' ? list.node.elements : []
      const [first, last] = [elements[0], elements.at(-1)]
      return first === undefined || last === undefined
        ? []
        : [[this.#region(list, [first.range[0], last.range[1]])]]
    })
    return joined('[', runs, ']')
  }

  #mergedObjects(objects: readonly Value[], site: IncludeSite, from: SourceFile): (string | Region)[] {
    const byName = new Map<string, { value: Value; member: MemberNode }[]>()
    for (const value of objects) {
      const own = new Set<string>()
      for (const member of membersOf(value)) {
        const { name } = member
        if (own.has(name)) throw duplicate(value, member)
        own.add(name)
        byName.set(name, [...(byName.get(name) ?? []), { value, member }])
      }
    }
    const isApart = [...byName.values()].every((members) => members.length === 1)
    if (isApart)
      return joined(
        '{ ',
        objects.flatMap((value) => this.#runsOf(value)),
        ' }',
      )
    const items = [...byName].map(([name, members]): (string | Region)[] => {
      const [only, ...more] = members
      if (only !== undefined && more.length === 0) return [this.#region(only.value, only.member.range)]
      const values = members.flatMap(({ value, member }) =>
        this.#resolved({
          ...value,
          node: member.value,
          path: [...value.path, name],
          isFollowed: false,
        }),
      )
      return [`${JSON.stringify(name)}: `, ...this.#merged(values, site, from)]
    })
    return joined('{ ', items, ' }')
  }

  /** The value, or what its own `$include` leads to. */
  #resolved(value: Value): Value[] {
    const [site] = includeSites(value.node, value.path)
    return site?.node === value.node ? this.#layersOf(site, value.file, value.chain) : [value]
  }

  /** Members that follow one another stay so, with the comments between them; `$include` is none of them. */
  #runsOf(value: Value): Region[][] {
    const runs: MemberNode[][] = [[]]
    for (const member of value.node.type === 'object' ? value.node.members : []) {
      if (value.isFollowed === true && member.name === INCLUDE_KEY) runs.push([])
      else runs.at(-1)?.push(member)
    }
    return runs.flatMap((run) => {
      const [first, last] = [run[0], run.at(-1)]
      return first === undefined || last === undefined
        ? []
        : [[this.#region(value, [first.range[0], last.range[1]])]]
    })
  }

  /** A part of the value, with what is included in it. */
  #region(value: Value, range: Range): Region {
    const { file, node, path, isFollowed } = value
    const holes =
      isFollowed === true && node.type === 'object'
        ? membersOf(value).flatMap((member) =>
            this.#holesIn({ ...value, node: member.value, path: [...path, member.name] }),
          )
        : this.#holesIn(value)
    return {
      file,
      range,
      holes: holes.filter((hole) => hole.range[0] >= range[0] && hole.range[1] <= range[1]),
    }
  }

  #rootOf(file: SourceFile): ValueNode {
    try {
      const tree = this.#trees.get(file) ?? readJson5(file.body)
      this.#trees.set(file, tree)
      return tree.root
    } catch (error) {
      if (error instanceof UnreadableError) throw unreadableFile(file)
      throw error
    }
  }
}

function sourceFile(name: string, path: string, text: string): SourceFile {
  return { name, path, text, body: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text }
}

function membersOf({ node, isFollowed }: Value): readonly MemberNode[] {
  if (node.type !== 'object') return []
  return isFollowed === true ? node.members.filter(({ name }) => name !== INCLUDE_KEY) : node.members
}

function memberCount({ members }: ObjectNode, name: string): number {
  return members.filter((member) => member.name === name).length
}

/** The items, each of some pieces, as one container. */
function joined(open: string, items: readonly (string | Region)[][], close: string): (string | Region)[] {
  return [open, ...items.flatMap((item, index) => (index === 0 ? item : [', ', ...item])), close]
}

function problem(
  file: SourceFile,
  { node, path }: IncludeSite,
  code: ProblemCode,
  message: string,
): ConfigError {
  const start = memberOf(node, INCLUDE_KEY)?.nameStart ?? node.range[0]
  const found: ConfigProblem = {
    code,
    path: formatPath([...path, INCLUDE_KEY]),
    ...placeIn(file, start),
    message,
  }
  return new ConfigError([found])
}

function duplicate({ file, path }: Value, { name, nameStart }: MemberNode): ConfigError {
  const message = `The key "${name}" is here a second time; keep one of the two.`
  return new ConfigError([
    { code: 'duplicate_key', path: formatPath([...path, name]), ...placeIn(file, nameStart), message },
  ])
}
