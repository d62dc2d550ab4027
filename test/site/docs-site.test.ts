/** The built site, as a reader without a network has it: `make docs-site` builds it first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, posix } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../browser/open-browser.ts'

const SITE = join(import.meta.dirname, '../../site')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

const pages = readdirSync(SITE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html') && name !== '404.html' && !name.startsWith('files/'))
  .toSorted()
const read = (name: string): string => readFileSync(join(SITE, name), 'utf8')

let server: Server
let origin: string
let browser: Browser
let page: Page
const strangers = new Set<string>()

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname
    const file = join(SITE, posix.normalize(path.endsWith('/') ? `${path}index.html` : path))
    if (!existsSync(file)) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server has an address of this kind.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await openBrowser('chromium')
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
  await page.route('**/*', (route) => {
    const url = route.request().url()
    if (url.startsWith(origin) || url.startsWith('data:')) return route.continue()
    strangers.add(url)
    return route.abort()
  })
})
afterAll(async () => {
  await browser.close()
  server.close()
})

it('has every page for people', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['index.html', 'config.html', 'tutorials/operator.html', 'scale.html']),
  )
  expect(pages.length).toBeGreaterThan(40)
})

it('leads nowhere into the void: each link has its page, and each anchor its heading', () => {
  const broken = pages.flatMap((name) =>
    linksOf(read(name)).filter((link) => {
      const [path = '', anchor = ''] = link.split('#')
      const from = path.startsWith('/') ? '' : posix.dirname(name)
      const target = path === '' ? name : posix.join(from, path.endsWith('/') ? `${path}index.html` : path)
      if (!existsSync(join(SITE, target))) return true
      return anchor !== '' && !read(target).includes(`id="${decodeURIComponent(anchor)}"`)
    }),
  )
  expect(broken).toEqual([])
})

it('finds words in all pages', async () => {
  await page.goto(`${origin}/index.html`)
  await page.getByRole('button', { name: 'Search' }).first().click()
  await page.getByRole('searchbox').fill('reconnect storm outage')
  await page.locator('.result', { hasText: 'Many sandboxes' }).first().click()
  await page.waitForURL(/scale\.html/)
})

it('is light and dark', async () => {
  await page.goto(`${origin}/config.html`)
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const before = await background()
  await page.locator('.VPSwitchAppearance').first().click()
  await expect.poll(background).not.toBe(before)
})

it.each(pages.filter((name) => !name.startsWith('decisions/')))(
  '%s is drawn without an error',
  async (name) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(`${origin}/${name}`, { waitUntil: 'networkidle' })
    await page.locator('main h1').first().waitFor()
    expect(errors).toEqual([])
  },
)

it('asks no other server for anything', () => {
  expect([...strangers]).toEqual([])
})

/** Of what the page itself says, without what the site has around it. */
function linksOf(html: string): string[] {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return [...main.matchAll(/<a href="(?!https?:)([^"]+)"/g)].map(([, link = '']) => link)
}
