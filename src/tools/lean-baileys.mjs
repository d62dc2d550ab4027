import { readFile } from 'node:fs/promises'

/**
 * What Baileys 7.0.0-rc14 does with every frame, and at a cost: `promiseTimeout` takes down two stack traces for each write, and two
 * functions go through each string character by character. In the bundle the same is done by less.
 */
const LEAN = [
  {
    file: 'Utils/generics.js',
    from: /export async function promiseTimeout\(ms, promise\) \{\n[\s\S]*?\n\}\n/,
    was: [
      'const stack = new Error().stack;',
      'const { delay, cancel } = delayCancellable(ms);',
      'promise(resolve, reject);',
      '}).finally(cancel);',
    ],
    to: `export function promiseTimeout(ms, promise) {
    if (!ms) return new Promise(promise);
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Boom('Timed Out', { statusCode: DisconnectReason.timedOut })), ms);
        const settled = (settle) => (value) => {
            clearTimeout(timer);
            settle(value);
        };
        try {
            promise(settled(resolve), settled(reject));
        }
        catch (error) {
            settled(reject)(error);
        }
    });
}
`,
  },
  {
    file: 'WABinary/encode.js',
    from: /const isNibble = \(str\) => \{\n[\s\S]*?\n {4}\};\n/,
    was: ['str.length > TAGS.PACKED_MAX', "char >= '0' && char <= '9'", "char !== '-' && char !== '.'"],
    to: `const isNibble = (str) => str.length <= TAGS.PACKED_MAX && /^[0-9.-]+$/.test(str);\n`,
  },
  {
    file: 'WABinary/encode.js',
    from: /const isHex = \(str\) => \{\n[\s\S]*?\n {4}\};\n/,
    was: ['str.length > TAGS.PACKED_MAX', "char >= '0' && char <= '9'", "!(char >= 'A' && char <= 'F')"],
    to: `const isHex = (str) => str.length <= TAGS.PACKED_MAX && /^[0-9A-F]+$/.test(str);\n`,
  },
]

/** The text of a file of Baileys' (`Utils/generics.js`), as it is bundled. Throws where it no longer looks as it did. */
export function leanText(file, text) {
  let lean = text
  for (const { from, was, to } of LEAN.filter((each) => each.file === file)) {
    const [found] = from.exec(lean) ?? []
    if (found === undefined || !was.every((part) => found.includes(part)))
      throw new Error(`Baileys no longer does this as it did: ${file}, ${String(from)}`)
    lean = lean.replace(from, () => to)
  }
  return lean
}

/** Fails when a file no longer looks as it did, or is not bundled. */
export const leanBaileys = {
  name: 'lean-baileys',
  setup({ onLoad, onEnd }) {
    const files = new Set(LEAN.map(({ file }) => file))
    const seen = new Set()
    onLoad(
      { filter: /[\\/]baileys[\\/]lib[\\/](Utils[\\/]generics|WABinary[\\/]encode)\.js$/ },
      async ({ path }) => {
        const file = path.replaceAll('\\', '/').split('/').slice(-2).join('/')
        seen.add(file)
        return { contents: leanText(file, await readFile(path, 'utf8')), loader: 'js' }
      },
    )
    onEnd(() => {
      for (const file of files) if (!seen.has(file)) throw new Error(`Baileys' ${file} is not bundled`)
    })
  },
}
