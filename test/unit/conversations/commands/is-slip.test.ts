import { describe, expect, it } from 'vitest'
import { nearCommand } from '../../../../src/conversations/commands/registry.ts'
import { expectLinearGrowth } from '../../../support/grows-linearly.ts'

describe('a word that is no command', () => {
  it.each([
    ['hlep', 'help'],
    ['hepl', 'help'],
    ['hlp', 'help'],
    ['helpp', 'help'],
    ['nwe', 'new'],
    ['neww', 'new'],
    ['stpo', 'stop'],
    ['sttop', 'stop'],
    ['agnet', 'agent'],
    ['agnts', 'agents'],
    ['modle', 'model'],
    ['stauts', 'status'],
    ['stotus', 'status'],
    ['modelfsvs', 'modelfavs'],
    ['resuume', 'resume'],
  ])('%s was meant as %s', (word, name) => {
    expect(nearCommand(word)).toBe(name)
  })

  // What assistants have for themselves, and words beside ours that are words.
  const others =
    'on now news ne n step shop top held helm stat start think compact verbose clear quit exit menu usage'
  const more = 'context restart mode memory skill whoami agency paused resumed statute a'
  it.each(`${others} ${more}`.split(' '))('%s is for the agent', (word) => {
    expect(nearCommand(word)).toBeUndefined()
  })

  it('is compared in a time that grows with its length', () =>
    expectLinearGrowth((length) => {
      for (let round = 0; round < 10; round += 1) nearCommand('stop'.repeat(length / 4))
    }, 100_000))
})
