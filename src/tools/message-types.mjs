import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Characters of a part: Node compiles so many in 10 ms or less. */
const PART_SIZE = 350_000
const GENERATED = fileURLToPath(
  new URL('../WAProto/index.js', import.meta.resolve('@whiskeysockets/baileys')),
)

/**
 * WhatsApp's protocol has some 670 message types in one file, each built by a function that runs at import. In the bundle each is
 * built when it is first asked for, and they are several modules: Node compiles a module in one go, and all in one would block
 * the event loop for 50 ms. `message-type-parts.ts` becomes what loads them one by one.
 * Fails when the generated file no longer looks as it did.
 */
export const messageTypes = {
  name: 'message-types',
  setup({ onResolve, onLoad }) {
    const generated = readFile(GENERATED, 'utf8').then(split)
    const contents = (text) => ({ contents: text, loader: 'js', resolveDir: dirname(GENERATED) })
    onResolve({ filter: /^message-types:/ }, ({ path }) => ({ path, namespace: 'message-types' }))
    onLoad({ filter: /[\\/]WAProto[\\/]index\.js$/ }, async () => contents((await generated).index))
    onLoad({ filter: /./, namespace: 'message-types' }, async ({ path }) => {
      const { shared, parts } = await generated
      const name = path.slice('message-types:'.length)
      return contents(name === 'shared' ? shared : parts[Number(name)])
    })
    onLoad({ filter: /[\\/]message-type-parts\.ts$/ }, async () => {
      const loads = (await generated).parts.map((_, index) => `() => import("message-types:${index}")`)
      return contents(`export const messageTypeParts = [${loads.join(', ')}]`)
    })
  },
}

const SHARED_NAMES = '$protobuf, $Reader, $Writer, $util, $root, longToString, longToNumber, $lazy, $builders'

/** `$builders` holds what builds each type, by its full name. */
const LAZY = `const $builders = {}
function $lazy(owner, name, builder) {
  const settle = (value) => Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true })
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: true,
    get() { const value = $builders[builder](); settle(value); return value },
    set: settle,
  })
}`

/** The generated file as a module that the others share, the types in parts, and what stands where the file stood. */
function split(text) {
  const lines = text.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('export const proto = '))
  const types = []
  const rest = takeTypes(lines.slice(begin), types)
  if (types.length < 600) throw new Error(`${GENERATED}: ${types.length} message types`)
  const parts = [[]]
  let size = 0
  for (const type of types) {
    size += type.length
    if (size > PART_SIZE) {
      parts.push([])
      size = type.length
    }
    parts.at(-1).push(type)
  }
  const shared = `import { ${SHARED_NAMES} } from "message-types:shared"`
  return {
    shared: [...lines.slice(0, begin), LAZY, `export { ${SHARED_NAMES} }`].join('\n'),
    parts: parts.map((part) => [shared, 'export const types = {', ...part, '}'].join('\n')),
    index: [
      shared,
      ...parts.map((_, index) => `import { types as $types${index} } from "message-types:${index}"`),
      // By name, not by an import alone: esbuild keeps the order of chunks only where one uses what another exports.
      `Object.assign($builders, ${parts.map((_, index) => `$types${index}`).join(', ')})`,
      ...rest,
    ].join('\n'),
  }
}

/** Puts every type of these lines, and the types within it, into `types`; returns the lines with a property in place of each. */
function takeTypes(lines, types) {
  const open = []
  const rest = []
  for (const line of lines) {
    const [, indent, owner, name] = /^( +)(\w+)\.(\w+) = \(function\(\) \{$/.exec(line) ?? []
    const outer = open.at(-1)
    if (indent !== undefined) {
      const path = outer === undefined ? name : `${outer.path}.${name}`
      ;(outer?.body ?? rest).push(`${indent}$lazy(${owner}, "${name}", "${path}");`)
      open.push({ indent, path, body: [] })
    } else if (outer !== undefined && line === `${outer.indent}})();`) {
      open.pop()
      types.push(`"${outer.path}": function() {\n${outer.body.join('\n')}\n},`)
    } else (outer?.body ?? rest).push(line)
  }
  if (open.length > 0) throw new Error(`${GENERATED}: ${open[0].path} has no end`)
  return rest
}
