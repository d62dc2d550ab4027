import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

/** Characters of a part, before its white space is taken out: Node loads and compiles one in a few milliseconds. */
const PART_SIZE = 60_000
const GENERATED = fileURLToPath(
  new URL('../WAProto/index.js', import.meta.resolve('@whiskeysockets/baileys')),
)
const partName = (index) => `message-types-${index}.cjs`

/**
 * WhatsApp's protocol has some 670 message types in one file of 3 MB, each built by a function that runs at import. In the bundle each
 * is built when it is first asked for, and they are files of their own beside it, each loaded when a type in it is first asked for: most
 * never are. Fails when the generated file no longer looks as it did.
 */
export const messageTypes = {
  name: 'message-types',
  setup({ initialOptions, onLoad, onEnd }) {
    const generated = readFile(GENERATED, 'utf8').then(split)
    onLoad({ filter: /[\\/]WAProto[\\/]index\.js$/ }, async () => ({
      contents: (await generated).index,
      loader: 'js',
      resolveDir: dirname(GENERATED),
    }))
    onEnd(async () => {
      const { outdir } = initialOptions
      if (outdir === undefined) throw new Error('message types need a directory for their files')
      for (const [index, part] of (await generated).parts.entries()) {
        const { code } = await transform(part, { minifyWhitespace: true, minifySyntax: true })
        await writeFile(join(outdir, partName(index)), code)
      }
    })
  },
}

const SHARED_NAMES = '$protobuf, $Reader, $Writer, $util, $root, longToString, longToNumber, $lazy'

/** `$parts` holds what builds each type, by its full name, of the files that are loaded; `$script` is what loads the program's files. */
const LAZY = `import { createRequire } from "node:module"
const $load = typeof $script === "function" ? $script : createRequire(import.meta.url)
const $parts = []
function $build(part, path) {
  $parts[part] ??= $load("./message-types-" + part + ".cjs")({ ${SHARED_NAMES} })
  return $parts[part][path]()
}
function $lazy(owner, name, part, path) {
  const settle = (value) => Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true })
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: true,
    get() { const value = $build(part, path); settle(value); return value },
    set: settle,
  })
}`

/** The generated file without its types, and the types in parts. */
function split(text) {
  const lines = text.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('export const proto = '))
  const types = new Map()
  const rest = takeTypes(lines.slice(begin), types)
  if (types.size < 600) throw new Error(`${GENERATED}: ${types.size} message types`)
  const parts = [[]]
  const partOf = new Map()
  let size = 0
  for (const [path, type] of types) {
    size += type.length
    if (size > PART_SIZE) {
      parts.push([])
      size = type.length
    }
    parts.at(-1).push(type)
    partOf.set(path, parts.length - 1)
  }
  const numbered = (code) =>
    code.replaceAll(
      /^( *\$lazy\(.*, )("[\w.]+"\);)$/gm,
      (_line, before, path) => `${before}${partOf.get(JSON.parse(path.slice(0, -2)))}, ${path}`,
    )
  return {
    parts: parts.map((part) =>
      numbered(`module.exports = ({ ${SHARED_NAMES} }) => ({\n${part.join('\n')}\n})`),
    ),
    index: [...lines.slice(0, begin), LAZY, numbered(rest.join('\n'))].join('\n'),
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
      types.set(outer.path, `"${outer.path}": function() {\n${outer.body.join('\n')}\n},`)
    } else (outer?.body ?? rest).push(line)
  }
  if (open.length > 0) throw new Error(`${GENERATED}: ${open[0].path} has no end`)
  return rest
}
