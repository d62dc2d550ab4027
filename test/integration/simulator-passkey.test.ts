import { randomBytes } from 'node:crypto'
import { proto } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LinkedCompanion } from '../../src/simulator/server/linked-companion.ts'
import type { SimulatedPhone } from '../../src/simulator/phones/phone.ts'
import { Simulator } from '../../src/simulator/simulator.ts'
import { BareBot } from './simulator-bare-bot.ts'
import { type Deviation, PasskeyCompanion } from './simulator-passkey-companion.ts'
import { inTime } from '../support/in-time.ts'

const OWNER = '+15550000001'

describe('a phone with a passkey', () => {
  let simulator: Simulator
  let owner: SimulatedPhone
  let bot: BareBot
  let nowMs: number
  let scan: Promise<LinkedCompanion>

  beforeEach(async () => {
    nowMs = Date.now()
    simulator = new Simulator({
      habits: { sharesState: false, pingEveryMs: null },
      clock: () => nowMs,
      hasUnkeyedDevices: false,
    })
    await simulator.start()
    owner = simulator.createPhone({ phoneNumber: OWNER, name: 'Owner' })
    owner.passkeys.create()
    bot = new BareBot(simulator)
  })
  afterEach(async () => {
    await bot.stop()
    await simulator.stop()
  })

  /** A client whose code was scanned, and which was asked for the passkey. */
  async function asked(): Promise<{
    companion: PasskeyCompanion
    closed: Promise<{ code: number | undefined }>
  }> {
    const { qr, closed } = bot.connect()
    const companion = new PasskeyCompanion(bot)
    scan = owner.scan(await qr)
    scan.catch(() => undefined)
    await companion.demanded()
    return { companion, closed }
  }
  const refusal = (step: Promise<unknown>) =>
    step.then(
      () => 'taken',
      (error: { data?: number; message: string }) => error.data ?? error.message,
    )

  it('is linked by QR and proof, without a code, and its client logs in', async () => {
    const { companion, closed } = await asked()
    expect(owner.passkeys.ceremony).toEqual({ step: 'asked', code: null })
    await companion.sendPrologue(owner.passkeys.sign())
    expect(owner.passkeys.ceremony).toEqual({ step: 'checking', code: null })
    await companion.finish()
    expect(await closed).toMatchObject({ code: 515 })
    expect(await scan).toMatchObject({ account: owner.account })
    expect(owner.passkeys.ceremony).toBeUndefined()
    await bot.logIn()
    expect(bot.credentials.me).toMatchObject({ id: (await scan).jid })
  })

  it('shows the code that the client shows where there is no proof', async () => {
    const { companion, closed } = await asked()
    await companion.sendPrologue(owner.passkeys.sign(), { proof: 'none' })
    await companion.continued()
    const code = await companion.sendNonce()
    expect(code).toMatch(/^[1-9A-HJ-NP-TV-Z]{4}-[1-9A-HJ-NP-TV-Z]{4}$/)
    expect(owner.passkeys.ceremony).toEqual({ step: 'code', code })
    await companion.sendPairingRequest()
    expect(await closed).toMatchObject({ code: 515 })
    await bot.logIn()
  })

  it('is linked by pairing code: the demand follows the client’s last step', async () => {
    const { qr, closed } = bot.connect()
    await qr
    const companion = new PasskeyCompanion(bot)
    const code = await bot.socket.requestPairingCode('15550000001')
    await expect.poll(() => owner.isAskedForCode).toBe(true)
    const link = owner.enterCode(code)
    await companion.demanded()
    await companion.sendPrologue(owner.passkeys.sign())
    await companion.finish()
    expect(await closed).toMatchObject({ code: 515 })
    await link
    await bot.logIn()
  })

  it('demands it before the client’s last step, and then knows no secret of the client', async () => {
    simulator.faults.demandPasskey({ beforeFinish: true })
    const { qr, closed } = bot.connect()
    await qr
    const companion = new PasskeyCompanion(bot)
    const code = await bot.socket.requestPairingCode('15550000001')
    await expect.poll(() => owner.isAskedForCode).toBe(true)
    const link = owner.enterCode(code)
    await companion.demanded()
    await companion.sendPrologue(owner.passkeys.sign())
    await companion.continued()
    const shown = await companion.sendNonce()
    expect(owner.passkeys.ceremony).toEqual({ step: 'code', code: shown })
    await companion.sendPairingRequest()
    expect(await closed).toMatchObject({ code: 515 })
    await link
  })

  it('gives options on request, where the demand has none and after each failure', async () => {
    simulator.faults.demandPasskey({ withoutOptions: true })
    const { companion } = await asked()
    expect(companion.challenge).toBeUndefined()
    const first = await companion.fetchChallenge()
    const second = await companion.fetchChallenge()
    expect(first).not.toBe(second)
    expect(await refusal(companion.sendPrologue(owner.passkeys.sign({ challenge: first ?? '' })))).toBe(401)
    const third = await companion.fetchChallenge()
    expect(await refusal(companion.sendPrologue(owner.passkeys.sign({ challenge: third ?? '' })))).toBe(
      'taken',
    )
  })

  it('takes a challenge once, within its ten minutes, and only the newest of two demands', async () => {
    simulator.faults.demandPasskey({ twice: true })
    const { companion } = await asked()
    await expect.poll(() => companion.demands.length).toBe(2)
    const unverified = owner.passkeys.sign({ flags: 0x01 })
    const challenge = companion.challenge ?? ''
    expect(await refusal(companion.sendPrologue(unverified))).toBe(401)
    expect(await refusal(companion.sendPrologue(owner.passkeys.sign({ challenge })))).toBe(401)
    const late = await companion.fetchChallenge()
    nowMs += 600_000
    expect(await refusal(companion.sendPrologue(owner.passkeys.sign({ challenge: late ?? '' })))).toBe(401)
    await companion.fetchChallenge()
    // The handoff key has expired with it: a code is compared.
    expect(await refusal(companion.sendPrologue(owner.passkeys.sign(), { proof: 'none' }))).toBe('taken')
    const code = (await companion.continued(), await companion.sendNonce())
    expect(owner.passkeys.ceremony?.code).toBe(code)
  })

  const refused: [string, Deviation, number | undefined][] = [
    ['a wrong proof', { proof: 'wrong' }, undefined],
    ['a proof that comes too late', {}, 300_000],
    ['a reference of somebody else', { ref: 'another' }, undefined],
    [
      'a phone that wants to be a client',
      { deviceType: proto.DeviceProps.PlatformType.ANDROID_PHONE },
      undefined,
    ],
  ]
  it.each(refused)('refuses %s', async (_, deviation, laterMs = 0) => {
    const { companion } = await asked()
    nowMs += laterMs
    expect(await refusal(companion.sendPrologue(owner.passkeys.sign(), deviation))).toBe(401)
    expect(owner.passkeys.ceremony?.step).toBe('asked')
  })

  it('refuses steps that are not due, and an assertion without a reference', async () => {
    const { companion } = await asked()
    expect(await refusal(companion.query('set', { passkey_prologue: [] }))).toBe(400)
    expect(await refusal(companion.sendNonce())).toBe(400)
    expect(await refusal(companion.query('set', { encrypted_pairing_request: randomBytes(64) }))).toBe(400)
    await companion.sendPrologue(owner.passkeys.sign())
    await companion.continued()
    expect(await refusal(companion.sendPairingRequest())).toBe(400)
    expect(await refusal(companion.fetchChallenge())).toBe(400)
  })

  it('gives up where the client reveals another nonce, or asks with other keys', async () => {
    const first = await asked()
    await first.companion.sendPrologue(owner.passkeys.sign())
    await first.companion.continued()
    expect(await refusal(first.companion.sendNonce({ nonce: randomBytes(32) }))).toBe(400)
    await expect(scan).rejects.toThrow('another nonce')
    await bot.stop()
    bot = new BareBot(simulator)
    const second = await asked()
    await second.companion.sendPrologue(owner.passkeys.sign())
    await second.companion.continued()
    await second.companion.sendNonce()
    expect(await refusal(second.companion.sendPairingRequest({ identityKey: randomBytes(32) }))).toBe(400)
    await expect(scan).rejects.toThrow('another client')
    expect(owner.companions).toEqual([])
  })

  it('seals the certificate with the secret of the pairing request, no longer with that of the code', async () => {
    const { companion } = await asked()
    await companion.sendPrologue(owner.passkeys.sign())
    await companion.continued()
    await companion.sendNonce()
    const failed = new Promise((resolve) => bot.socket.ws.on('CB:iq,,pair-success', resolve))
    await companion.sendPairingRequest({ secret: randomBytes(32) })
    await inTime('pair-success', failed)
    await bot.stop()
    await expect(scan).rejects.toThrow('hung up')
  })

  it.each(['demand', 'options', 'ref', 'prologue', 'continuation', 'nonce', 'pairing'] as const)(
    'hangs up at the step “%s”',
    async (closesAt) => {
      simulator.faults.demandPasskey({ closesAt })
      const { companion, closed } = await asked()
      const link = expect(scan).rejects.toThrow('hung up')
      void (async () => {
        const challenge = (await companion.fetchChallenge()) ?? ''
        await companion.sendPrologue(owner.passkeys.sign({ challenge }))
        await companion.finish()
      })().catch(() => undefined)
      expect((await closed).code).not.toBe(515)
      await link
    },
  )

  it('shows another code, sends a short key, speaks under another name, stays silent', async () => {
    simulator.faults.demandPasskey({
      codesDiffer: true,
      primaryKeyBytes: 31,
      from: '15550000009@s.whatsapp.net',
    })
    const { companion } = await asked()
    expect(companion.demands[0]?.attrs.from).toBe('15550000009@s.whatsapp.net')
    await companion.sendPrologue(owner.passkeys.sign(), { proof: 'none' })
    await companion.continued()
    expect(companion.primary?.publicKey).toHaveLength(31)
    expect(owner.passkeys.ceremony?.code).not.toBe(await companion.sendNonce())
    await bot.stop()
    simulator.faults.clear()
    simulator.faults.demandPasskey({ silent: true })
    bot = new BareBot(simulator)
    const silent = await asked()
    await silent.companion.sendPrologue(owner.passkeys.sign())
    await silent.companion.fetchChallenge().catch(() => undefined)
    expect(silent.companion.primary).toBeUndefined()
  })

  it('refuses a second phone while the first one is asked', async () => {
    await asked()
    await expect(owner.scan(bot.qrCodes[0] ?? '')).rejects.toThrow('unknown or has expired')
  })
})
