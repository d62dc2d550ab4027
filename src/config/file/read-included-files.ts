import { realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { DaemonError } from '../../protocol/errors.ts'
import { expandHome } from '../../storage/files/expand-home.ts'
import { readJson5, UnreadableError } from '../document/json5-reader.ts'
import type { PathSegment, ValueNode } from '../document/json5-tree.ts'
import { INCLUDE_KEY, type IncludedFile, type IncludeFailure } from '../include/config-text.ts'
import { includeSites } from '../include/include-sites.ts'
import { readConfigFile } from './read-config-file.ts'

/** As OpenClaw. */
const MAX_DEPTH = 10
/** Uses of `$include`, counted each time that they are followed: a file that is included twice counts twice. */
const MAX_INCLUDES = 64
/** Of all files together, in characters; also what a single file may have. */
const MAX_CHARACTERS = 1_048_576

interface Reading {
  /** Directory of the config file, links followed. */
  root: string
  /** As it is named; relative paths of the config file start here. */
  directory: string
  env: NodeJS.ProcessEnv
  found: Map<string, IncludedFile>
  /** Whether anything is to be included, also what cannot be. */
  hasSites: boolean
  followed: number
  characters: number
}

/** The file in which an `$include` stands. */
interface Including {
  /** As in `IncludedFile.from`. */
  name: string
  directory: string
  /** Real paths of this file and of those that led to it. */
  chain: readonly string[]
}

/**
 * The files that the config file with this text includes, and those that they include, as far as they concern our sections. A file is
 * taken only when it lies below the directory of the config file, links followed, and is a regular one. Bounded in depth, number and size.
 * Whatever keeps one from being read is in its entry; it never throws.
 */
export function readIncludedFiles(
  configPath: string,
  text: string,
  env: NodeJS.ProcessEnv,
): readonly IncludedFile[] | undefined {
  if (!text.includes(INCLUDE_KEY)) return undefined
  const directory = dirname(configPath)
  const reading: Reading = {
    root: realPathOf(directory) ?? directory,
    directory,
    env,
    found: new Map(),
    hasSites: false,
    followed: 0,
    characters: text.length,
  }
  const chain = [realPathOf(configPath) ?? configPath]
  followAll(text, [], { name: '', directory, chain }, reading)
  return reading.hasSites ? [...reading.found.values()] : undefined
}

/** Follows what the text includes where it stands at `path` of the config. */
function followAll(text: string, path: readonly PathSegment[], from: Including, reading: Reading): void {
  if (!text.includes(INCLUDE_KEY)) return
  const root = treeOf(text)
  if (root !== null) followIn(root, path, from, reading)
}

function followIn(node: ValueNode, path: readonly PathSegment[], from: Including, reading: Reading): void {
  for (const site of includeSites(node, path)) {
    reading.hasSites = true
    for (const written of site.files ?? []) follow(written, site.path, from, reading)
    for (const { name, value } of site.node.members)
      if (name !== INCLUDE_KEY) followIn(value, [...site.path, name], from, reading)
  }
}

function follow(written: string, path: readonly PathSegment[], from: Including, reading: Reading): void {
  const key = JSON.stringify([from.name, written])
  reading.followed += 1
  const place = placeOf(written, from, reading)
  const entry = reading.found.get(key) ?? {
    from: from.name,
    written,
    ...place,
    content: load(place, from, reading),
  }
  reading.found.set(key, entry)
  if (!('text' in entry.content) || reading.followed > MAX_INCLUDES) return
  const chain = [...from.chain, entry.path]
  followAll(entry.content.text, path, { name: entry.name, directory: dirname(entry.path), chain }, reading)
}

/** Where a file is looked for. */
type FilePlace = Pick<IncludedFile, 'name' | 'namedPath' | 'path'>

function placeOf(written: string, from: Including, { root, directory, env }: Reading): FilePlace {
  const namedPath = resolve(from.directory, expandedOr(written, env))
  const path = realPathOf(namedPath) ?? namedPath
  const inside = relative(root, path)
  const named = relative(directory, namedPath)
  const name = isOutside(named) && !isOutside(inside) ? inside : named || basename(namedPath)
  return { name, namedPath, path }
}

/** What `~name` leads to nowhere is looked for as it is written, and is not there. */
function expandedOr(written: string, env: NodeJS.ProcessEnv): string {
  try {
    return expandHome(written, env)
  } catch (error) {
    if (error instanceof DaemonError) return written
    throw error
  }
}

function load({ path }: FilePlace, from: Including, reading: Reading): IncludedFile['content'] {
  const failed = (
    message: string,
    code: IncludeFailure['code'] = 'bad_include',
  ): IncludedFile['content'] => ({
    failure: { code, message },
  })
  if (isOutside(relative(reading.root, path)))
    return failed(
      'An included file must be in the directory of the config file, or below it; links count by where they lead.',
    )
  if (from.chain.includes(path)) return failed('The file includes itself, perhaps by way of another one.')
  if (from.chain.length > MAX_DEPTH)
    return failed(`Included files are nested more than ${MAX_DEPTH} levels deep.`)
  if (reading.followed > MAX_INCLUDES) return failed(`More than ${MAX_INCLUDES} files are included.`)
  const content = readConfigFile(path)
  if (content.kind === 'missing')
    return failed(
      `There is no such file: ${path}. The path begins at the directory of the file that includes it; variables are not expanded in it.`,
    )
  if (content.kind === 'unreadable') return failed(`The included file ${content.why}.`)
  reading.characters += content.text.length
  if (reading.characters > MAX_CHARACTERS)
    return failed('All files together are larger than 1 MiB.', 'too_large')
  return { text: content.text }
}

/** `null` for what is no JSON5: whoever reads the config says so. */
function treeOf(text: string): ValueNode | null {
  try {
    return readJson5(text.replace(/^\uFEFF/, '')).root
  } catch (error) {
    if (error instanceof UnreadableError) return null
    throw error
  }
}

function isOutside(fromRoot: string): boolean {
  return fromRoot === '' || fromRoot === '..' || fromRoot.startsWith(`..${sep}`) || fromRoot.startsWith(sep)
}

/** Of a path whose end is missing, that of the part that is there. */
function realPathOf(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    if (parent === path) return null
    const known = realPathOf(parent)
    return known === null ? null : join(known, basename(path))
  }
}
