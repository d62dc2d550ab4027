/**
 * Prints a software bill of materials (CycloneDX 1.5, JSON) of what an installation of the package holds: what npm installs beside it, and
 * every package that is bundled in it, as `THIRD_PARTY_LICENSES` names them. Build first. The same commit gives the same text.
 */
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { packagesIn } from './third-party-licenses.mjs'

const DEVELOPMENT = 'cdx:npm:package:development'
const BUNDLED = 'whatsappd:bundled'

/**
 * npm's own, of everything in the lockfile; what is of development alone carries a mark. A tool of development that wants another
 * version of its neighbour would end it otherwise (`legacy-peer-deps`).
 */
function everything() {
  const args = ['sbom', '--package-lock-only', '--legacy-peer-deps', '--sbom-format', 'cyclonedx']
  return JSON.parse(
    execFileSync('npm', [...args, '--sbom-type', 'application'], { encoding: 'utf8', maxBuffer: 64 << 20 }),
  )
}

const isOfDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === DEVELOPMENT)

const bundled = new Set(packagesIn(readFileSync('THIRD_PARTY_LICENSES', 'utf8')))
const bom = everything()
const components = bom.components
  .filter((component) => !isOfDevelopment(component) || bundled.has(nameOf(component)))
  .map((component) => ({
    ...component,
    properties: [
      ...(component.properties ?? []).filter(({ name }) => name !== DEVELOPMENT),
      ...(bundled.has(nameOf(component)) ? [{ name: BUNDLED, value: 'true' }] : []),
    ],
  }))
const present = new Set(components.map(nameOf))
const missing = [...bundled].filter((name) => !present.has(name))
if (missing.length > 0)
  throw new Error(`bundled, and not in the lockfile in that version: ${missing.join(', ')}; build again`)

const kept = new Set([bom.metadata.component, ...components].map((component) => component['bom-ref']))
// npm names the root after the folder that it lies in.
const { name } = JSON.parse(readFileSync('package.json', 'utf8'))
const content = {
  ...bom,
  metadata: { ...bom.metadata, timestamp: undefined, component: { ...bom.metadata.component, name } },
  components,
  dependencies: bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) })),
  serialNumber: undefined,
}
process.stdout.write(
  `${JSON.stringify({ ...content, serialNumber: `urn:uuid:${uuidOf(content)}` }, null, 2)}\n`,
)

function nameOf({ group, name, version }) {
  return `${group === undefined ? '' : `${group}/`}${name} ${version}`
}

/** Made of the content (RFC 9562, version 8), so that nothing in it is random. */
function uuidOf(content) {
  const hex = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
