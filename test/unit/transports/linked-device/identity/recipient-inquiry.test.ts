import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ACCOUNT_MIGRATIONS } from '../../../../../src/accounts/schema.ts'
import { Database } from '../../../../../src/storage/database/database.ts'
import type { AskingSocket } from '../../../../../src/transports/linked-device/identity/lid-inquiry.ts'
import { RecipientInquiry } from '../../../../../src/transports/linked-device/identity/recipient-inquiry.ts'
import { RegisteredNumbers } from '../../../../../src/transports/linked-device/identity/registered-numbers.ts'

const BRAZIL = '+5561987654321'
const REGISTERED = '+556187654321'

let known: string[]
let asked: number
let isConnected: boolean
let isAnswering: boolean
let learned: number
let now: number
let registered: RegisteredNumbers
let inquiry: RecipientInquiry
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'whatsappd-inquiry-'))
  const database = Database.open(join(directory, 'account.db'), ACCOUNT_MIGRATIONS)
  onTestFinished(() => {
    database.close()
    rmSync(directory, { recursive: true })
  })
  ;[known, asked, learned, isConnected, isAnswering, now] = [[], 0, 0, true, true, Date.UTC(2026, 0, 1)]
  registered = new RegisteredNumbers(database)
  // The part of a socket that asks, as Baileys answers.
  const socket = {
    executeUSyncQuery: async () => {
      asked += 1
      const list = known.map((number) => ({ id: `${number.slice(1)}@s.whatsapp.net`, contact: true }))
      return isAnswering ? { list, sideList: [] } : undefined
    },
  } as unknown as AskingSocket
  inquiry = new RecipientInquiry({
    registered,
    socket: () => (isConnected ? socket : null),
    learned: () => (learned += 1),
    now: () => now,
  })
})

describe('a number that is to be written to', () => {
  it('is asked for once an hour', async () => {
    known = ['+15550001111']
    expect(await inquiry.ask('+15550001111')).toBe('+15550001111')
    expect(await inquiry.ask('+15550002222')).toBeNull()
    await inquiry.ask('+15550001111')
    await inquiry.ask('+15550002222')
    expect(asked).toBe(2)
    now += 3_600_000
    known = []
    expect(await inquiry.ask('+15550001111')).toBeNull()
  })

  it('is known in the form that WhatsApp has, for those whom the config names by the other one', async () => {
    known = [REGISTERED]
    expect(await inquiry.ask(BRAZIL)).toBe(REGISTERED)
    expect(registered.of(BRAZIL)).toEqual({ isAsked: true, registered: REGISTERED })
    expect(learned).toBe(1)
  })

  it('is not known while WhatsApp does not answer, and asked for again', async () => {
    isConnected = false
    await expect(inquiry.ask(BRAZIL)).rejects.toMatchObject({ code: 'not_connected' })
    ;[isConnected, isAnswering] = [true, false]
    await expect(inquiry.ask(BRAZIL)).rejects.toMatchObject({ code: 'not_connected' })
    expect(registered.of(BRAZIL)).toEqual({ isAsked: false })
    ;[isAnswering, known] = [true, [BRAZIL]]
    expect(await inquiry.ask(BRAZIL)).toBe(BRAZIL)
  })

  it('is one of ten at once, and then of one in half a minute', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => `+1555000${1_000 + index}`)
    for (const number of numbers.slice(0, 10)) await inquiry.ask(number)
    await expect(inquiry.ask(String(numbers[10]))).rejects.toMatchObject({ code: 'rate_limited' })
    now += 30_000
    await inquiry.ask(String(numbers[10]))
    await expect(inquiry.ask(String(numbers[11]))).rejects.toMatchObject({ code: 'rate_limited' })
    expect(asked).toBe(11)
  })
})
