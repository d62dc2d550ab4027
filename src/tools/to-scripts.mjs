/** Makes scripts of the modules that esbuild wrote: a script can be run with what V8 made of it at an earlier start, a module cannot. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { transform } from 'esbuild'
import { packProgram } from './pack-program.mjs'

/** `Wrapper` of `src/code-cache/program-loader.ts`. */
const WRAPPER = ['(function(exports,require,module,__filename,__dirname,__url,__load,$script){', '\n})']

const IMPORT = /\bimport(?:\{([^}]*)\}from)?"(\.\/[^"]+\.js)";?/g
/** Of other files, and of Node's own modules: a script that has Node import them draws a warning about an experiment. */
const DYNAMIC_IMPORT = /\bimport\("(\.\/[^"]+\.js|node:[\w/]+)"\)/g
const EXPORT = /\bexport\{([^}]*)\};?/g

/**
 * Rewrites the modules of `metafile`, and what is CommonJS beside them, as the one file `packed`, in their place, and answers with a digest of them all. What one file takes
 * from another becomes a constant of its own, which costs nothing in use; names that are assigned again later are looked up at each use.
 * Throws where files import each other in a circle: there a constant would be made too early.
 */
export async function toScripts(directory, { outputs }, packed) {
  const paths = Object.keys(outputs).filter((path) => path.endsWith('.js'))
  refuseCircles(outputs, paths)
  const texts = new Map()
  for (const path of paths) texts.set(basename(path), await readFile(path, 'utf8'))
  const variable = new Map([...texts].map(([name, text]) => [name, variableExports(text)]))
  const scripts = new Map()
  const keep = async (path, code) => {
    scripts.set(basename(path), escapeRest(path, WRAPPER.join(code)))
    await rm(path)
  }
  for (const path of paths.toSorted()) {
    const text = texts
      .get(basename(path))
      .replaceAll(DYNAMIC_IMPORT, '__load("$1")')
      .replaceAll(IMPORT, (whole, names, file) =>
        asConstants(whole, names, file, variable.get(basename(file))),
      )
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20.19',
      minifySyntax: true,
      minifyWhitespace: true,
      // One character beyond Latin 1 doubles what its whole file takes in memory.
      charset: 'ascii',
    })
    // As modules are; the rest beside them is not.
    await keep(path, `"use strict";${code}`)
  }
  for (const name of (await readdir(directory)).filter((each) => each.endsWith('.cjs')).toSorted())
    await keep(join(directory, name), await readFile(join(directory, name), 'utf8'))
  return { digest: await packProgram(packed, scripts) }
}

function asConstants(whole, names, file, variable) {
  if (names === undefined) return `require("${file}");`
  const pairs = names.split(',').map((pair) => pair.split(/ as /))
  if (pairs.some(([name]) => variable.has(name))) return whole
  return `const {${pairs.map((pair) => pair.join(':')).join(',')}}=require("${file}");`
}

/** Exported names to which a value is assigned more than once, as far as the text tells; rather too many than too few. */
function variableExports(text) {
  const names = new Set()
  for (const [, pairs] of text.matchAll(EXPORT)) {
    for (const pair of pairs.split(',')) {
      const [local, exported = local] = pair.split(/ as /)
      const name = local.replaceAll('$', String.raw`\$`)
      const assigned = new RegExp(
        String.raw`(?<![\w$.])${name}\s*(?:[-+*/%&|^?<>]{0,3}=(?![=>])|\+\+|--)|(?:\+\+|--)${name}(?![\w$])`,
        'g',
      )
      if ([...text.matchAll(assigned)].length > 1) names.add(exported)
    }
  }
  return names
}

function refuseCircles(outputs, paths) {
  const done = new Set()
  const visit = (path, above) => {
    if (above.includes(path)) throw new Error(`files import each other: ${[...above, path].join(' → ')}`)
    if (done.has(path)) return
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && outputs[next] !== undefined) visit(next, [...above, path])
    done.add(path)
  }
  for (const path of paths) visit(path, [])
}

/** Esbuild leaves such characters in regular expressions. */
function escapeRest(path, text) {
  if (/String\.raw`[^`]*[\u0080-\uffff]/.test(text)) throw new Error(`${path}: a raw text cannot be escaped`)
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
