import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, Stack } from '../support/stack.ts'

const TOKEN = 'EAAB-never-to-be-shown'
const ELIZA = `// Of ElizaOS.
{
  connectors: { whatsapp: {
    transport: 'cloudapi', // over Meta
    accessToken: '${TOKEN}',
    phoneNumberId: '1234567890',
    allowFrom: ['+15555550101'],
  } },
  models: { key: 1 },
}
`

describe('config', () => {
  let directory: string
  let path: string
  const run = (...arguments_: string[]) =>
    CommandLine.run(arguments_, {
      HOME: directory,
      WHATSAPPD_STATE_DIR: join(directory, 'state'),
      SANDBOX_CONFIG: path,
    })
  /** Lines are broken where a terminal ends. */
  const flat = (text: string): string => text.replaceAll(/\s+/g, ' ')
  const write = (text: string): void => writeFileSync(path, text, { mode: 0o640 })
  const narrow = (text: string): void => {
    for (const line of text.split('\n')) if (!line.includes('/')) expect(line.length).toBeLessThanOrEqual(80)
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-config-'))
    path = join(directory, 'my.json5')
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('check says which file it is, which is not read, and what is wrong where', async () => {
    const other = join(directory, '.config/sandbox/sandbox.config.json5')
    mkdirSync(join(other, '..'), { recursive: true })
    writeFileSync(other, '{}')
    write("{ channels: { whatsapp: { dmPolicy: 'friends', allowFrm: [], heartbeat: {} } } }")
    const { code, stdout, stderr } = await run('config', 'check')
    expect(code).toBe(1)
    expect(stdout).toContain(`config file  ${path}\n  found by   SANDBOX_CONFIG\n  not read   ${other}\n`)
    expect(flat(stdout)).toMatch(
      /PROBLEM channels\.whatsapp\.dmPolicy: Must be one of: .* \(line 1, column 37\)/,
    )
    expect(flat(stdout)).toContain('Did you mean "allowFrom"? (line 1, column 48)')
    expect(stderr).toBe(`whatsappd: 2 problems in ${path}; see above\n`)
    narrow(stdout)
    const json = JSON.parse((await run('config', 'check', '--json')).stdout) as object
    expect(json).toMatchObject({ path, foundBy: 'SANDBOX_CONFIG', passedOver: [other], valid: false })
    write("{ channels: { whatsapp: { allowFrom: ['+15555550101', '12'] } } }")
    const bad = await run('config')
    expect([bad.code, bad.stdout]).toEqual([
      1,
      expect.stringContaining('but 1 entry of it counts for nobody'),
    ])
    write('{ channels: { whatsapp: { allowFrom: [] } } }')
    expect((await run('config', 'check')).code).toBe(0)
    rmSync(path)
    expect(flat((await run('config', 'check')).stdout)).toContain('is not there, so nobody is allowed')
  })

  it('show says of each key what it does here, and shows no secret', async () => {
    write(ELIZA)
    const { code, stdout } = await run('config', 'show')
    expect(code).toBe(0)
    const text = flat(stdout)
    expect(text).toContain('read as a file of ElizaOS')
    expect(text).toContain('accessToken: ••• (line 5) A key of ElizaOS; it counts as cloudApi.accessToken.')
    expect(text).toContain('allowFrom: ["+15555550101"] (line 7) Who may talk to the assistant')
    expect(text).toContain('models: not read here (line 9)')
    expect(stdout).not.toContain(TOKEN)
    narrow(stdout)
    const one = (await run('config', 'show', 'allowFrom')).stdout.replaceAll(/\s+/g, ' ')
    expect(one).toContain('default []; takes effect at once; a dashboard may edit it.')
    expect((await run('config', 'show', 'dmPolicy')).stdout).toContain('not in the file; default "allowlist"')
    expect(flat((await run('config', 'show', 'allowedUsers')).stdout)).toContain(
      'The key of ours is allowFrom',
    )
    const unknown = await run('config', 'show', 'alowFrom')
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('did you mean allowFrom?')])
    const json = JSON.parse((await run('config', 'show', '--json')).stdout) as { keys: object[] }
    expect(json.keys).toContainEqual(expect.objectContaining({ path: 'models', kind: 'ignored', line: 9 }))
    write("{ channels: { whatsapp: { nonsense: 1, allowFrom: ['+15555550101'] } } }")
    expect((await run('config', 'show')).stdout).toContain('There is no setting "nonsense"')
    write('{ channels: ')
    const broken = await run('config', 'show')
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('Not valid JSON5')])
  })

  it('migrate shows the rewrite as a diff, writes it when asked, and keeps the file as it was', async () => {
    write(ELIZA)
    const offered = await run('config', 'migrate')
    expect(offered.code).toBe(0)
    expect(offered.stdout).toContain("\n-    transport: 'cloudapi', // over Meta\n")
    expect(offered.stdout).toContain("\n+    transport: 'cloud-api', // over Meta\n")
    expect(offered.stdout).toContain('What is in force stays the same.')
    expect(offered.stdout).not.toContain(TOKEN)
    expect(offered.stdout).not.toContain('\u001b')
    expect(readFileSync(path, 'utf8')).toBe(ELIZA)

    const written = await run('config', 'migrate', '--write', '--json')
    const { backup, steps } = JSON.parse(written.stdout) as { backup: string; steps: object[] }
    expect(backup).toBe(`${path}.before-migrate`)
    expect(readFileSync(backup, 'utf8')).toBe(ELIZA)
    expect(statSync(path).mode & 0o777).toBe(statSync(backup).mode & 0o777)
    expect(steps.length).toBeGreaterThan(2)
    const after = readFileSync(path, 'utf8')
    expect(after).toContain('// Of ElizaOS.')
    expect(after).toContain(`accessToken: '${TOKEN}'`)
    expect((await run('config', 'check')).code).toBe(0)
    expect((await run('config', 'migrate', '--write')).stdout).toContain('nothing to rewrite')
    expect(readFileSync(path, 'utf8')).toBe(after)
    write(ELIZA)
    await run('config', 'migrate', '--write')
    expect(readdirSync(directory)).toContain('my.json5.before-migrate.1')
  })

  it('migrate makes a file usable that keys of another tool have broken, and says who may write then', async () => {
    write("{ channels: { whatsapp: { allowedNumbers: ['+15555550101'] } } }")
    const { code, stdout } = await run('config', 'migrate', '--write')
    expect(code).toBe(0)
    expect(flat(stdout)).toContain('1 person may write to default.')
    expect((await run('config', 'check')).code).toBe(0)
    write('{ channels: { whatsapp: { denyFrom: [] } } }')
    const refused = await run('config', 'migrate', '--write')
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('To correct by hand:')])
    write('{ "$include": "./other.json5" }')
    expect((await run('config', 'migrate')).stderr).toContain('$include')
  })

  it('looks at the file that the running daemon follows', async () => {
    const stack = await Stack.start({ allowFrom: [ALICE] })
    try {
      const { stdout } = await run('config', 'check', '--state-dir', stack.stateDir)
      expect(stdout).toContain(`config file  ${stack.configPath}\n  found by   the running daemon`)
    } finally {
      await stack.stop()
    }
  })
})
