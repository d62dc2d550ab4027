/**
 * Copies the pages for people into one folder, as a site has them: `README.md` is its first page, the others of the top level lie beside
 * those of `docs/`. A link to what is no page (a source file, a folder) leads to the file where the site brings it, and is plain text otherwise.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'

const TOP_LEVEL = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']
const PICTURE = /\.(png|jpe?g|svg)$/
/** Files that pages point at, and that the site hands out as they are. */
const SHOWN =
  /^(docs\/examples\/.*\.(ts|tsx|vue|svelte|html|js|conf|py|mjs)|docs\/.*\.json|sandbox\.config\.example\.json5)$/
const LINK = /(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g
const CODE = /(^ *```[\s\S]*?^ *```$|`[^`\n]*`)/gm

/** Answers with the pages, by their path in the site without its ending, each with its title. */
export async function layOutPages(root, target) {
  const files = (await readdir(join(root, 'docs'), { recursive: true }))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => !name.includes('node_modules'))
  const pages = [
    ...TOP_LEVEL,
    ...files.filter((name) => name.endsWith('.md') && !name.includes('/examples/')),
  ]
  const known = new Set(pages)
  const titles = {}
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8')
    const place = placeOf(page)
    titles[place.slice(0, -'.md'.length)] = /^# (.*)$/m.exec(text)?.[1] ?? place
    await write(join(target, place), withLinks(text, page, known))
  }
  for (const file of files.filter((name) => PICTURE.test(name)))
    await copy(join(root, file), join(target, placeOf(file)))
  for (const file of [...files, 'sandbox.config.example.json5'].filter((name) => SHOWN.test(name)))
    await copy(join(root, file), join(target, 'public/files', file))
  return titles
}

/** Where a file of the repository lies in the site. */
function placeOf(path) {
  if (path === 'README.md') return 'index.md'
  // Apart: there is a `security.md` in `docs/`, too, and not every file system tells the two names apart.
  return TOP_LEVEL.includes(path) ? `project/${path}` : path.replace(/^docs\//, '')
}

function withLinks(text, page, known) {
  return text
    .split(CODE)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll(LINK, (whole, ...link) => linkOf(whole, link, page, known)),
    )
    .join('')
}

function linkOf(whole, [mark, words, target], page, known) {
  if (/^(?:[a-z]+:|#)/.test(target)) return whole
  const [path = '', anchor] = target.split('#')
  const file = posix.normalize(posix.join(posix.dirname(page), path))
  if (mark === '!' || known.has(file)) {
    const to = posix.relative(posix.dirname(placeOf(page)), placeOf(file))
    return `${mark}[${words}](${to.startsWith('.') ? to : `./${to}`}${anchor === undefined ? '' : `#${anchor}`})`
  }
  return SHOWN.test(file) ? `[${words}](/files/${file}){target="_self"}` : words
}

async function write(path, text) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function copy(from, to) {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to)
}
