/**
 * Writes the documents that derive from the schemas and tables; with `--check` it only compares, and exits 1 naming
 * what is out of step. Run as `npm run docs [-- --check]`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderCli } from './render-cli.ts'
import { renderConfigDocs, renderExampleConfig } from './config/config-docs.ts'
import { renderAsyncApi } from './protocol/render-asyncapi.ts'
import { renderOpenApi } from './protocol/render-openapi.ts'
import { renderOperationsDocs } from './render-operations.ts'
import { renderSystemUnit, renderUserUnit } from './render-units.ts'
import { renderErrorsDocs, renderProtocolDocs } from './protocol/render-protocol.ts'
import { renderOpenRpc } from './protocol/render-openrpc.ts'
import { packageInfo } from '../cli/package-info.ts'

const DOCUMENTS: readonly (readonly [path: string, render: () => string])[] = [
  ['docs/cli.md', renderCli],
  ['docs/config.md', renderConfigDocs],
  ['sandbox.config.example.json5', renderExampleConfig],
  ['docs/protocol.md', renderProtocolDocs],
  ['docs/errors.md', renderErrorsDocs],
  ['docs/operations.md', renderOperationsDocs],
  ['docs/openrpc.json', renderOpenRpc],
  ['docs/asyncapi.json', renderAsyncApi],
  ['docs/openapi.json', renderOpenApi],
  ['deploy/systemd/whatsappd.service', renderSystemUnit],
  ['deploy/systemd/user/whatsappd.service', renderUserUnit],
]

const { root } = packageInfo()
const checkOnly = process.argv.includes('--check')
const outOfStep = DOCUMENTS.filter(([path, render]) => {
  const file = join(root, path)
  const wanted = render()
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return false
  if (!checkOnly) writeFileSync(file, wanted)
  return true
}).map(([path]) => path)

if (checkOnly && outOfStep.length > 0) {
  process.stderr.write(`out of step with the code: ${outOfStep.join(', ')}; run "npm run docs"\n`)
  process.exitCode = 1
} else if (outOfStep.length > 0) {
  process.stdout.write(`written: ${outOfStep.join(', ')}\n`)
}
