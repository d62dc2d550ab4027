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

/** Fails when the file no longer looks as it did, or is not bundled. */
export const lazyZod = {
  name: 'lazy-zod',
  setup({ onLoad, onEnd }) {
    let isSeen = false
    onLoad({ filter: FILE }, async ({ path }) => {
      isSeen = true
      return { contents: leanZod(await readFile(path, 'utf8')), loader: 'js' }
    })
    onEnd(() => {
      if (!isSeen) throw new Error('zod is not bundled')
    })
  },
}
