import { describe, expect, it } from 'vitest'
import { unitText, type UnitPlaces } from '../../../../../src/cli/offline/service/unit-text.ts'

const PLACES: UnitPlaces = {
  kind: 'system',
  user: 'whatsappd',
  command: ['/usr/bin/node', '/usr/lib/whatsappd/main.js', 'run'],
  stateDir: '/var/lib/whatsappd',
  configPath: '/etc/whatsappd/sandbox.config.json5',
  path: null,
  needsHome: false,
  isPlain: false,
}

describe('the unit of the service', () => {
  it('takes every name literally', () => {
    const odd = `/srv/a b/100%/$HOME/"x"\\y/it's`
    const text = unitText({ ...PLACES, command: ['/usr/bin/node', odd, 'run'], stateDir: odd })
    expect(text).toContain(`ExecStart=/usr/bin/node "/srv/a b/100%%/$$HOME/\\"x\\"\\\\y/it's" run\n`)
    expect(text).toContain(`Environment="WHATSAPPD_STATE_DIR=/srv/a b/100%%/$HOME/\\"x\\"\\\\y/it's"\n`)
    expect(text).toContain(`ReadWritePaths="/srv/a b/100%%/$HOME/\\"x\\"\\\\y/it's"\n`)
    for (const bad of ['/srv/x\nExecStartPre=/bin/sh', '/srv/\r', '/srv/\0'])
      for (const place of [{ stateDir: bad }, { configPath: `${bad}/c` }, { command: [bad] }, { path: bad }])
        expect(() => unitText({ ...PLACES, ...place })).toThrow(/a unit cannot name/)
  })

  it('restarts what fails, and never what merely waits', () => {
    const text = unitText(PLACES)
    expect(text).toMatch(/^Restart=on-failure$/m)
    expect(text).toMatch(/^RestartPreventExitStatus=2$/m)
    expect(text).toMatch(/^StartLimitIntervalSec=0$/m)
    // The sign of life comes from the event loop, whatever the links do.
    expect(text).toMatch(/^Type=notify$/m)
    expect(text).toMatch(/^NotifyAccess=all$/m)
  })

  it('leaves out what needs name spaces where these are refused, and nothing else', () => {
    const [full, plain] = [unitText(PLACES).split('\n'), unitText({ ...PLACES, isPlain: true }).split('\n')]
    expect(plain.filter((line) => !full.includes(line))).toEqual([])
    expect(plain.filter((line) => /^(Private|Protect|Capability|ReadWrite|ProcSubset)/.test(line))).toEqual(
      [],
    )
    expect(plain).toContain('NoNewPrivileges=yes')
  })
})
