import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import JSON5 from 'json5'
import { afterAll, describe, expect, it } from 'vitest'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { normalizePhoneNumber } from '../../../src/access/numbers/phone-number.ts'
import { ConfigService } from '../../../src/config/config-service.ts'
import { createLogger } from '../../../src/observability/log/logger.ts'
import { type ConfigFile, configFile, e164Of, type WrittenEntry } from './config-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'whatsappd-edit-'))
const path = join(directory, 'sandbox.config.json5')
afterAll(() => rmSync(directory, { recursive: true, force: true }))

type Edit = { kind: 'add' | 'remove' | 'set'; numbers: string[] }

const number = fc.integer({ min: 100, max: 130 }).map((digits) => `+15555550${digits}`)
const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('add', 'remove', 'set'),
  numbers: fc.uniqueArray(number, { maxLength: 4 }),
})

/** Does these edits to a file with this text, one after the other; answers with the texts in between and at the end. */
async function edited(
  text: string,
  edits: readonly Edit[],
): Promise<{ texts: string[]; allowed: readonly string[] }> {
  writeFileSync(path, text)
  const service = new ConfigService({
    configPath: path,
    stateDir: directory,
    env: {},
    connectors: CONNECTORS,
    logger: createLogger({ level: 'silent' }),
  })
  await service.start()
  try {
    const texts: string[] = []
    for (const { kind, numbers } of edits) {
      if (kind === 'add') await service.addAllowFrom(numbers)
      else if (kind === 'remove') await service.removeAllowFrom(numbers)
      else await service.setAllowFrom(numbers)
      texts.push(readFileSync(path, 'utf8'))
    }
    return { texts, allowed: service.current.accounts['default']?.access.allowFrom ?? [] }
  } finally {
    await service.stop()
  }
}

/** Who must be allowed after these edits. */
function expected(file: ConfigFile, edits: readonly Edit[]): Set<string> {
  let allowed = new Set(file.entries.map(e164Of))
  for (const { kind, numbers } of edits) {
    if (kind === 'set') allowed = new Set(numbers)
    for (const each of numbers) {
      if (kind === 'add') allowed.add(each)
      if (kind === 'remove') allowed.delete(each)
    }
  }
  return allowed
}

/** Who the text allows, read by another reader than ours. */
function allowedBy(text: string): Set<string> {
  const value: { channels: { whatsapp: { allowFrom: (string | number)[] } } } = JSON5.parse(
    text.replace(/^\uFEFF/, ''),
  )
  return new Set(
    value.channels.whatsapp.allowFrom.map((entry) => {
      const read = normalizePhoneNumber(entry)
      if (!read.ok) throw new Error(`wrote ${String(entry)}`)
      return read.e164
    }),
  )
}

/** The entries of the file that no edit touches. */
function untouched(file: ConfigFile, edits: readonly Edit[]): WrittenEntry[] {
  let stays = new Set(file.entries.map(e164Of))
  for (const { kind, numbers } of edits) {
    if (kind === 'remove') stays = new Set([...stays].filter((each) => !numbers.includes(each)))
    if (kind === 'set') stays = new Set([...stays].filter((each) => numbers.includes(each)))
  }
  return file.entries.filter((entry) => stays.has(e164Of(entry)))
}

/** These stand in the text, one after the other. */
function expectInOrder(text: string, wanted: readonly string[]): void {
  let from = 0
  for (const each of wanted) {
    const found = text.indexOf(each, from)
    expect(found, `${each} in ${text}`).toBeGreaterThanOrEqual(from)
    from = found + each.length
  }
}

describe('edits of allowFrom in files of every style', () => {
  it('mean what they say and change nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(configFile, fc.array(edit, { minLength: 1, maxLength: 3 }), async (file, edits) => {
        const { texts, allowed } = await edited(file.text, edits)
        const last = texts.at(-1) ?? ''
        // In force, and for a reader that shares no code with ours.
        expect(new Set(allowed)).toEqual(expected(file, edits))
        expect(allowedBy(last)).toEqual(expected(file, edits))
        for (const text of texts) {
          expect(text.slice(0, file.before.length)).toBe(file.before)
          expect(text.slice(-file.after.length)).toBe(file.after)
          expect(text.slice(file.before.length, -file.after.length)).toMatch(/^\[[^]*\]$/)
          expect(text).not.toMatch(file.text.includes('\r\n') ? /[^\r]\n/ : /\r/)
        }
        const kept = untouched(file, edits)
        expectInOrder(
          last,
          kept.flatMap(({ ownComment, written, comment }) => [ownComment, written, comment]),
        )
        for (const { ownComment } of file.entries) expect(last).toContain(ownComment)
      }),
      { numRuns: 150 },
    )
  })

  it('change one line for one number where every number has a line and a comma', async () => {
    const list = configFile.filter((file) => file.multiline && file.trailingComma && file.entries.length > 0)
    await fc.assert(
      fc.asyncProperty(list, number, async (file, each) => {
        const present = file.entries.some((entry) => e164Of(entry) === each)
        const { texts } = await edited(file.text, [{ kind: present ? 'remove' : 'add', numbers: [each] }])
        const lines = file.text.split('\n')
        const after = (texts[0] ?? '').split('\n')
        expect(after.length - lines.length).toBe(present ? -1 : 1)
        const [long, short] = present ? [lines, after] : [after, lines]
        const at = long.findIndex((line, index) => line !== short[index])
        expect(long.toSpliced(at, 1)).toEqual(short)
      }),
      { numRuns: 100 },
    )
  })

  it('come back to the same text when a number is added and removed again', async () => {
    await fc.assert(
      fc.asyncProperty(
        configFile.filter((file) => file.multiline && file.trailingComma && file.entries.length > 0),
        async (file) => {
          const numbers = ['+15555550199']
          const { texts } = await edited(file.text, [
            { kind: 'add', numbers },
            { kind: 'remove', numbers },
          ])
          expect(texts[1]).toBe(file.text)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('an edit of allowFrom, to the letter', () => {
  const A = "'+15555550101'"
  const B = "'+15555550102'"
  const add: Edit = { kind: 'add', numbers: ['+15555550102'] }
  const remove: Edit = { kind: 'remove', numbers: ['+15555550102'] }
  const around = (list: string): string =>
    `{ channels: { whatsapp: { name: 'Home', allowFrom: ${list} } } } // end\n`

  it.each([
    ['[]', `['+15555550102']`],
    ['[ ]', `[ '+15555550102' ]`],
    ['[ /* nobody */ ]', `[ '+15555550102', /* nobody */ ]`],
    [`[${A}]`, `[${A}, ${B}]`],
    [`[${A},]`, `[${A}, ${B},]`],
    ['["+15555550101"]', '["+15555550101", "+15555550102"]'],
    [`[ ${A} /* A */ ]`, `[ ${A}, ${B} /* A */ ]`],
    [`[\n  ${A},\n]`, `[\n  ${A},\n  ${B},\n]`],
    [`[\n  ${A}\n]`, `[\n  ${A},\n  ${B}\n]`],
    [`[\n  ${A} // A\n]`, `[\n  ${A}, // A\n  ${B}\n]`],
    [`[\n  ${A}, // A, ]\n  // end\n]`, `[\n  ${A}, // A, ]\n  ${B},\n  // end\n]`],
    [`[\n  ${A}, /* A\n  B ] */\n]`, `[\n  ${A}, /* A\n  B ] */\n  ${B},\n]`],
    [`[\n  ${A}, /* A\n  B */ ]`, `[\n  ${A},\n  ${B}, /* A\n  B */ ]`],
    [`[\n  /* A */ ${A},\n]`, `[\n  /* A */ ${A},\n  ${B},\n]`],
    [`[\n  ${A} ]`, `[\n  ${A},\n  ${B} ]`],
    [`[\n  ${A}\n  ,\n]`, `[\n  ${A}\n  ,\n  ${B},\n]`],
    [`[\n  // nobody yet\n]`, `[\n  // nobody yet\n  ${B},\n]`],
    [`[\r\n\t${A},\r\n]`, `[\r\n\t${A},\r\n\t${B},\r\n]`],
    [`[15555550102, "1 555 555 0102"]`, `[15555550102, "1 555 555 0102"]`],
  ])('adds: %j becomes %j', async (before, after) => {
    expect((await edited(around(before), [add])).texts).toEqual([around(after)])
  })

  it.each([
    [`[${B}]`, '[]'],
    [`[ ${B} ]`, '[ ]'],
    [`[${A}, ${B}]`, `[${A}]`],
    [`[${A}, ${B},]`, `[${A},]`],
    [`[${B}, ${A}]`, `[${A}]`],
    [`[${A}, ${B}, '+15555550103']`, `[${A}, '+15555550103']`],
    [`[\n  ${A},\n  ${B}, // B\n]`, `[\n  ${A},\n]`],
    [`[\n  ${A}, // A\n  // kept\n  ${B} // B\n]`, `[\n  ${A} // A\n  // kept\n]`],
    [`[\n  ${B},\n  // kept\n  ${A}\n]`, `[\n  // kept\n  ${A}\n]`],
    [`[\n  ${A}, ${B},\n]`, `[\n  ${A},\n]`],
    [`[\n  ${A},\n  ${B}, '+15555550103',\n]`, `[\n  ${A},\n  '+15555550103',\n]`],
    [`[${A} /* A */, ${B} /* B */]`, `[${A} /* A */ /* B */]`],
    [`[${A}, /* next */ ${B}]`, `[${A} /* next */ ]`],
    [`[\n  ${A}\n  , ${B}\n  , '+15555550103'\n]`, `[\n  ${A}\n  , '+15555550103'\n]`],
    [`[\n  ${A}, /* A\n  B */ ${B},\n]`, `[\n  ${A}, /* A\n  B */ \n]`],
    [`[15555550102, ${A}, '1.555.555.0102']`, `[${A}]`],
    [`[${A}, 15555550101]`, `[${A}, 15555550101]`],
  ])('removes: %j becomes %j', async (before, after) => {
    expect((await edited(around(before), [remove])).texts).toEqual([around(after)])
  })
})
