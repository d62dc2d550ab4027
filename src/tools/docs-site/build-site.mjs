/** Builds the site of the documents into `site/`, or the folder that is named: `make docs-site`. `DOCS_BASE=/whatsappd/` for a place below the root of a host. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vitepress'
import { layOutPages } from './lay-out-pages.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')
const work = join(here, '.work')
const out = resolve(process.argv[2] ?? join(root, 'site'))

await rm(work, { recursive: true, force: true })
const titles = await layOutPages(root, work)
await mkdir(join(work, '.vitepress'))
await writeFile(
  join(work, '.vitepress/config.mjs'),
  `import { configOf } from '../../config.mjs'\nexport default configOf(${JSON.stringify(titles)})\n`,
)
await build(work, { outDir: out, base: process.env.DOCS_BASE ?? '/' })
await rm(work, { recursive: true, force: true })
