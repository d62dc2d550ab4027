import { build } from 'esbuild'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BROWSERS, openBrowser } from './open-browser.ts'

// The build gives Lit a reader of templates of ours. It makes of markup what the browser's own makes of it.

const MARKUP = [
  'text alone',
  '<p class="a b" id=plain hidden>one <b>two</b> three</p>',
  `<input type="text" value='a > b' disabled><br><span title="a='1'">six</span>`,
  '<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>',
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M1 1h1z" /><g><circle r="1" /></g></svg><p>after</p>',
  '<whatsapp-card url="wss://sandbox.example/v1/ws?a=1"></whatsapp-card>',
  '<select><option value=1 selected>One</option></select>',
]

describe.each(BROWSERS)('in %s', (browserName) => {
  let browser: Browser
  let script = ''

  beforeAll(async () => {
    browser = await openBrowser(browserName)
    const entryPoints = ['src/web/elements/base/parse-template.ts']
    const built = await build({
      entryPoints,
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'reader',
    })
    script = built.outputFiles[0]?.text ?? ''
  })
  afterAll(() => browser?.close())

  test('templates become what the browser would make of them, and others are refused', async () => {
    const page = await browser.newPage()
    await page.evaluate(`${script}; globalThis.parseTemplate = reader.parseTemplate`)
    const differing = await page.evaluate((all) => {
      const { parseTemplate } = globalThis as unknown as {
        parseTemplate: (template: HTMLTemplateElement, markup: string) => void
      }
      return all.filter((markup) => {
        const [ours, theirs] = [document.createElement('template'), document.createElement('template')]
        parseTemplate(ours, markup)
        theirs.innerHTML = markup
        ours.content.normalize()
        return !ours.content.isEqualNode(theirs.content)
      })
    }, MARKUP)
    expect(differing).toEqual([])
    for (const markup of ['<p>one', '<p><b></p></b>', '</p>', '<!-- a comment -->', 'a&nbsp;b'])
      await expect(
        page.evaluate(`parseTemplate(document.createElement('template'), ${JSON.stringify(markup)})`),
        markup,
      ).rejects.toThrow(/template|closes/)
    await page.close()
  })
})
