import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const READER = fileURLToPath(new URL('../web/elements/base/parse-template.ts', import.meta.url))

/** What is replaced in Lit's published file. Each stands there once; the build fails where a new release has it otherwise. */
const REPLACEMENTS = [
  ['s?s.createPolicy("lit-html",{createHTML:t=>t}):void 0', 'void 0'],
  ['s.innerHTML=t', 'parseTemplate(s,t)'],
  // The marks that Lit puts into names of attributes: `setAttribute` refuses a dollar in many browsers.
  ['h="$lit$"', 'h="-lit-"'],
  ['`lit$${Math.random().toFixed(9).slice(2)}$`', '`lit-${Math.random().toFixed(9).slice(2)}-`'],
]

/** For esbuild: Lit that needs no Trusted Types policy, because it does not hand markup to the browser's parser. */
export const litWithoutPolicy = {
  name: 'lit-without-policy',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]lit-html[\\/]lit-html\.js$/ }, async ({ path }) => {
      let text = await readFile(path, 'utf8')
      for (const [from, to] of REPLACEMENTS) {
        if (text.split(from).length !== 2) throw new Error(`${path} has no single ${from}`)
        text = text.replace(from, () => to)
      }
      return { contents: `import { parseTemplate } from ${JSON.stringify(READER)}\n${text}`, loader: 'js' }
    })
  },
}
