/** The notices of what the bundles hold: every package of others, with its version and the text of its licence. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const PACKAGE_OF_INPUT = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i
const RULE = '#'.repeat(80)

/**
 * The whole text for `inputs`, the files that esbuild bundled, as paths from the root of the repository. Throws when one
 * of their packages comes without a licence's text.
 */
export async function thirdPartyLicenses(inputs) {
  const directories = new Set(inputs.flatMap((path) => PACKAGE_OF_INPUT.exec(path)?.[1] ?? []))
  const sections = new Map()
  for (const directory of directories) {
    const { name, version, license, homepage } = await manifestOf(directory)
    const key = `${name} ${version}`
    if (sections.has(key)) continue
    const about = [`${key} (${license})`, ...(homepage === undefined ? [] : [homepage])]
    sections.set(key, [RULE, ...about, '', await textOf(directory, license), ''].join('\n'))
  }
  const heading =
    'whatsappd contains the following packages, each under the licence that stands below its name.\n'
  const sorted = [...sections].toSorted(([left], [right]) => (left < right ? -1 : 1))
  return [heading, ...sorted.map(([, section]) => section)].join('\n')
}

/** The packages that such a text is about, each as `name version`. */
export function packagesIn(text) {
  return text
    .split(`${RULE}\n`)
    .slice(1)
    .map((section) => section.slice(0, section.indexOf(' (')))
}

async function textOf(directory, license) {
  const texts = await textsIn(directory)
  if (texts.length === 0)
    throw new Error(`${directory} is bundled, and has no text of its licence (${license})`)
  return texts.join('\n\n')
}

async function textsIn(directory) {
  const names = (await readdir(directory)).filter((name) => LICENCE_FILE.test(name)).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))
  return texts.map((text) => text.trim()).filter((text) => text !== '')
}

async function manifestOf(directory) {
  return JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
}
