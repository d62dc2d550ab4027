/** Writes what the protocol promises at present: `npx tsx test/contract/record-protocol.ts <version or date>`. Never over a file that is there. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocolSurface } from '../support/protocol-surface.ts'

const [name] = process.argv.slice(2)
if (name === undefined) throw new Error('usage: npx tsx test/contract/record-protocol.ts <version or date>')
const path = join(import.meta.dirname, 'recorded-protocol', `${name}.txt`)
writeFileSync(path, `${protocolSurface().join('\n')}\n`, { flag: 'wx' })
console.log(`recorded ${path}`)
