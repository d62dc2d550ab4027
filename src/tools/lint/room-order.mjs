/** A plugin of the linter: which room of `src/` may import which. The order and its reasons are in `docs/architecture.md`. */
import { dirname, resolve } from 'node:path'

/** From the top down: a room may import the rooms of the levels below its own. */
const LEVELS = [
  ['start', 'main', 'load-daemon', 'daemon', 'cli', 'evaluation-worker'],
  ['control'],
  ['accounts'],
  ['transports', 'conversations'],
  ['agents'],
  ['access', 'config', 'text'],
  ['messaging', 'code-cache'],
  ['storage', 'observability', 'network'],
  ['timing', 'protocol'],
]

/** What a room may import beside, or instead of, the levels below its own. */
const EXACTLY = {
  client: ['protocol'],
  web: ['client', 'protocol'],
  simulator: ['protocol'],
}

/** Allowed beside the levels. */
const ALSO = {
  start: ['cli'],
  main: ['cli'],
  cli: ['load-daemon', 'daemon', 'client', 'simulator'],
  'load-daemon': ['daemon'],
  config: ['access', 'text'],
  tools: ['cli', 'config', 'protocol', 'agents', 'conversations', 'observability'],
}

/** Packages that only these rooms may import. */
const PACKAGES = [
  { name: /^@whiskeysockets\/baileys(\/|$)/, folders: ['transports/linked-device', 'simulator'] },
  { name: /^libsignal(\/|$)/, folders: ['transports/linked-device', 'simulator'] },
]

const ROOTS = ['daemon', 'load-daemon']

/** Of `transports/` the others know a link's life; the composition root hands in the transports, and the schema lists all tables. */
const LINK = /^transports\/link\.ts$/
const TRANSPORT_SCHEMA = /^transports\/[^/]+\/schema\.ts$/
/** What a transport's tables say of one message: read while the daemon runs, or does not. */
const TRANSPORT_TRACE = /^transports\/[^/]+\/inbound\/trace-stanza(?:\.ts)?$/
const SCHEMA = 'accounts/schema.ts'

const SOURCE = /^(.*\/)?src\/(.+)$/

/**
 * Why a file may not import something, or `null`. `importer` is the absolute path of the file, `specifier` what stands in
 * its import. Files outside of `src/` may import everything.
 */
export function forbiddenImport(importer, specifier) {
  const from = placeIn(importer)
  if (from === null) return null
  if (!specifier.startsWith('.')) return forbiddenPackage(from.path, specifier)
  const to = placeIn(resolve(dirname(importer), specifier))
  if (to === null || to.root !== from.root || to.room === from.room)
    return forbiddenInside(from.path, to?.path ?? '')
  if (to.room === 'tools') return 'src/tools/ runs at build time only: nothing that ships imports it'
  if (mayImport(from.room, to.room)) return to.room === 'transports' ? forbiddenTransport(from, to) : null
  return `src/${from.room}/ may not import src/${to.room}/: see the order of the rooms in docs/architecture.md`
}

function placeIn(path) {
  const match = SOURCE.exec(path.replaceAll('\\', '/'))
  if (match === null) return null
  const [, root = '', inside = ''] = match
  const [first = ''] = inside.split('/')
  return { root, path: inside, room: first.replace(/\.m?ts$/, '') }
}

function mayImport(from, to) {
  if (EXACTLY[from] !== undefined) return EXACTLY[from].includes(to)
  if (ALSO[from]?.includes(to)) return true
  const level = levelOf(from)
  const other = levelOf(to)
  return level !== -1 && other > level
}

function levelOf(room) {
  return LEVELS.findIndex((rooms) => rooms.includes(room))
}

/** Only the composition root, and what loads it, names a transport. */
function forbiddenTransport(from, to) {
  if (ROOTS.includes(from.room) || LINK.test(to.path)) return null
  if (from.path === SCHEMA && TRANSPORT_SCHEMA.test(to.path)) return null
  if (from.room === 'cli' && TRANSPORT_TRACE.test(to.path)) return null
  return `src/${from.room}/ may import of src/transports/ only link.ts: src/daemon.ts hands in the transports`
}

/** Transports do not know each other. */
function forbiddenInside(from, to) {
  const one = /^transports\/([^/]+)\//.exec(from)?.[1]
  const other = /^transports\/([^/]+)\//.exec(to)?.[1]
  if (one === undefined || other === undefined || one === other) return null
  return `src/transports/${one}/ may not import src/transports/${other}/: transports do not know each other`
}

function forbiddenPackage(from, specifier) {
  const row = PACKAGES.find(({ name }) => name.test(specifier))
  if (row === undefined || row.folders.some((folder) => from.startsWith(`${folder}/`))) return null
  return `only ${row.folders.map((folder) => `src/${folder}/`).join(' and ')} may import ${specifier}`
}

const rule = {
  create(context) {
    const check = (node) => {
      const specifier = node.source?.value
      if (typeof specifier !== 'string') return
      const message = forbiddenImport(context.filename, specifier)
      if (message !== null) context.report({ node, message })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

export default { meta: { name: 'rooms' }, rules: { order: rule } }
