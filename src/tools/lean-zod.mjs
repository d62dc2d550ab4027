import { readFile } from 'node:fs/promises'

const FILE = /[\\/]zod[\\/]v4[\\/]core[\\/]schemas\.js$/
/** So often an object is parsed before code of its own is made for it: a start parses most of them once or twice, which that code does not pay for. */
const PARSES_BEFORE = 8
const WAS = 'if (jit && fastEnabled && ctx?.async === false && ctx.jitless !== true) {'
const COUNTER_BEFORE = '    let fastpass;\n'

/** The text of zod's `core/schemas.js`, as it is bundled for the daemon. Throws where it no longer looks as it did. */
export function leanZod(text) {
  const places = [WAS, COUNTER_BEFORE].map((part) => text.split(part).length - 1)
  if (places.some((count) => count !== 1)) throw new Error('zod no longer makes code for objects as it did')
  return text
    .replace(COUNTER_BEFORE, `${COUNTER_BEFORE}    let parses = 0;\n`)
    .replace(
      WAS,
      WAS.replace('jit &&', `jit && (parses >= ${PARSES_BEFORE} || ++parses > ${PARSES_BEFORE}) &&`),
    )
}

/** What zod says in other languages than English, which it loads by itself, is half of it. */
const LOCALES = /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/
const ENGLISH = 'export { default as en } from "./en.js";'

/** Fails when a file no longer looks as it did, or is not bundled. */
export const lazyZod = {
  name: 'lazy-zod',
  setup({ onLoad, onEnd }) {
    const seen = new Set()
    onLoad({ filter: FILE }, async ({ path }) => {
      seen.add(FILE)
      return { contents: leanZod(await readFile(path, 'utf8')), loader: 'js' }
    })
    onLoad({ filter: LOCALES }, async ({ path }) => {
      seen.add(LOCALES)
      if (!(await readFile(path, 'utf8')).includes(ENGLISH))
        throw new Error('zod no longer has its English there')
      return { contents: ENGLISH, loader: 'js' }
    })
    onEnd(() => {
      if (seen.size < 2) throw new Error('zod is not bundled')
    })
  },
}
