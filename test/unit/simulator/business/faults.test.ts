import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BusinessStage } from './business-stage.ts'

describe('what can go wrong with calls of the simulated Graph API', () => {
  let stage: BusinessStage
  beforeEach(async () => {
    stage = await BusinessStage.start()
    stage.alice.write(stage.number, 'hello')
  })
  afterEach(() => stage.stop())

  const shown = (): string[] => stage.alice.seen(stage.number).texts.map(({ text }) => text)

  it('loses the answer to a message that was sent, and tells its status all the same', async () => {
    stage.platform.faults.strike('send', { kind: 'lost-answer' }, { times: 1 })
    await expect(stage.text('sent', { biz_opaque_callback_data: 'local-1' })).rejects.toThrow()
    expect(shown()).toEqual(['sent'])
    await stage.platform.settled()
    expect(JSON.stringify(stage.callback.values)).toContain('"biz_opaque_callback_data":"local-1"')
  })

  it('loses a request before it had any effect', async () => {
    stage.platform.faults.strike('send', { kind: 'reset' }, { times: 1 })
    await expect(stage.text('not sent')).rejects.toThrow()
    expect(shown()).toEqual([])
    expect((await stage.text('again')).status).toBe(200)
  })

  it('refuses with any code, and tells how long to wait', async () => {
    const { faults } = stage.platform
    faults.strike('send', { kind: 'error', code: 80007, retryAfter: 7, regainMinutes: 3 }, { times: 1 })
    const { status, headers, body } = await stage.text('x')
    expect({ status, code: body.error?.code }).toEqual({ status: 429, code: 80007 })
    expect(headers.get('retry-after')).toBe('7')
    expect(headers.get('x-business-use-case-usage')).toContain('"estimated_time_to_regain_access":3')
    expect(shown()).toEqual([])
  })

  it('answers with a page, with no JSON, or late', async () => {
    const { faults } = stage.platform
    faults.strike('any', { kind: 'page', status: 502 }, { times: 1 })
    expect(await stage.text('x')).toMatchObject({
      status: 502,
      body: { text: expect.stringContaining('<html>') },
    })
    faults.strike('send', { kind: 'body', body: 'OK' }, { times: 1 })
    expect(await stage.text('y')).toMatchObject({ status: 200, body: { text: 'OK' } })
    faults.strike('send', { kind: 'late-answer', afterMs: 1 }, { times: 1 })
    expect((await stage.text('z')).status).toBe(200)
    expect(shown()).toEqual(['y', 'z'])
  })

  it('strikes one number alone, until it is cleared', async () => {
    const { faults } = stage.platform
    const fault = faults.strike('send', { kind: 'error', code: 131000 }, { account: '+15550009001' })
    expect((await stage.text('x')).status).toBe(200)
    faults.strike('send', { kind: 'error', code: 131000 }, { account: stage.number.phoneNumber })
    expect((await stage.text('y')).status).toBe(500)
    faults.clear()
    expect((await stage.text('z')).status).toBe(200)
    expect(fault.hits).toBe(0)
  })

  it('accepts, and fails later', async () => {
    stage.platform.faults.lateFailures.add({ code: 131049 }, { times: 1 })
    const id = await stage.sent({ type: 'text', text: { body: 'x' } })
    await stage.platform.settled()
    expect(stage.callback.statuses(id)).toMatchObject([{ status: 'failed', errors: [{ code: 131049 }] }])
    expect(shown()).toEqual([])
  })

  it('makes the same choices for the same seed', async () => {
    const other = await BusinessStage.start()
    expect(other.number.phoneNumberId).toBe(stage.number.phoneNumberId)
    expect(other.number.accessToken).toBe(stage.number.accessToken)
    await other.stop()
  })
})
