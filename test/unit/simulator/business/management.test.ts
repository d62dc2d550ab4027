import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, BusinessStage, HOUR_MS } from './business-stage.ts'

describe('numbers, subscriptions and signup on the simulated Graph API', () => {
  let stage: BusinessStage
  beforeEach(async () => {
    stage = await BusinessStage.start()
  })
  afterEach(() => stage.stop())

  const get = (path: string): Promise<Answer> => stage.call('GET', `/v25.0/${path}`)
  const post = (path: string, body: object = {}): Promise<Answer> =>
    stage.call('POST', `/v25.0/${path}`, body)
  const register = (pin: string): Promise<number | undefined> =>
    post(`${stage.number.phoneNumberId}/register`, { messaging_product: 'whatsapp', pin }).then(
      ({ body }) => body.error?.code,
    )

  it('tells the fields of a number that are asked for, and fails as a whole for one that it does not know', async () => {
    const { phoneNumberId, businessAccountId } = stage.number
    const { body } = await get(`${phoneNumberId}?fields=status,platform_type,is_on_biz_app,health_status`)
    expect(body).toMatchObject({
      id: phoneNumberId,
      status: 'CONNECTED',
      platform_type: 'CLOUD_API',
      is_on_biz_app: false,
      health_status: { can_send_message: 'AVAILABLE' },
    })
    expect((await get(`${phoneNumberId}?fields=status,mood`)).body.error?.message).toMatch(
      /nonexisting field \(mood\)/,
    )
    const list = await get(`${businessAccountId}/phone_numbers?fields=display_phone_number`)
    expect(list.body['data']).toEqual([{ id: phoneNumberId, display_phone_number: '+1555 000-9000' }])
  })

  it('registers with the PIN in force or a new one, and counts ten attempts in 72 hours', async () => {
    const { state } = stage.number
    Object.assign(state, { platform: 'NOT_APPLICABLE', status: 'PENDING' })
    expect((await stage.text('x')).body.error?.code).toBe(133010)
    expect(await register('12')).toBe(100)
    state.pin = '111111'
    expect(await register('222222')).toBe(133005)
    expect(await register('111111')).toBeUndefined()
    expect(state).toMatchObject({ platform: 'CLOUD_API', status: 'CONNECTED' })
    // A number that works does not take another PIN by this way.
    expect(await register('333333')).toBe(133005)
    state.codeVerification = 'EXPIRED'
    expect(await register('111111')).toBeUndefined()
    state.platform = 'NOT_APPLICABLE'
    expect(await register('111111')).toBe(133006)
    for (let count = 0; count < 5; count++) await register('111111')
    expect(await register('111111')).toBe(133016)
    stage.clock.now += 72 * HOUR_MS
    state.codeVerification = 'VERIFIED'
    expect(await register('111111')).toBeUndefined()
    expect((await post(`${stage.number.phoneNumberId}/deregister`)).status).toBe(200)
    expect(state.status).toBe('DISCONNECTED')
  })

  it('subscribes the app, lets it name another callback only then, and ends that', async () => {
    const { businessAccountId, account, app, verifyToken } = stage.number
    account.subscribedApps.clear()
    const path = `${businessAccountId}/subscribed_apps`
    const override = { override_callback_uri: stage.callback.url, verify_token: verifyToken }
    expect((await post(path, override)).body.error?.message).toMatch(/Before override/)
    expect((await post(path)).body).toEqual({ success: true })
    expect((await post(path, { ...override, verify_token: 'wrong' })).body.error?.code).toBe(2200)
    expect((await post(path, override)).status).toBe(200)
    expect((await get(path)).body['data']).toMatchObject([
      { whatsapp_business_api_data: { id: app.id }, override_callback_uri: stage.callback.url },
    ])
    expect((await stage.call('DELETE', `/v25.0/${path}`)).status).toBe(200)
    expect((await get(path)).body['data']).toEqual([])
  })

  it('lists templates page by page', async () => {
    for (let index = 0; index < 30; index++)
      stage.platform.addTemplate(stage.number, {
        name: `t${index}`,
        components: [],
        status: index < 28 ? 'APPROVED' : 'PAUSED',
      })
    const path = `${stage.number.businessAccountId}/message_templates`
    const names = ({ body }: Answer) => (body['data'] as { name: string }[]).map(({ name }) => name)
    const first = await get(`${path}?status=APPROVED`)
    const { paging } = first.body as { paging?: { cursors: { after: string }; next?: string } }
    expect(paging?.next).toBeDefined()
    const second = await get(`${path}?status=APPROVED&after=${paging?.cursors.after}`)
    expect([...names(first), ...names(second)]).toHaveLength(28)
    expect(second.body).not.toHaveProperty('paging.next')
  })

  it('syncs what is in the Business app once and within a day', async () => {
    const { number, callback, platform } = stage
    const sync = (kind: string) =>
      post(`${number.phoneNumberId}/smb_app_data`, { messaging_product: 'whatsapp', sync_type: kind })
    expect((await sync('history')).body.error?.code).toBe(100)
    number.state.isOnBusinessApp = true
    stage.alice.write(number, 'long ago')
    expect((await sync('smb_app_state_sync')).status).toBe(200)
    expect((await sync('smb_app_state_sync')).body.error?.code).toBe(2593107)
    stage.clock.now += 24 * HOUR_MS + 1
    expect((await sync('history')).body.error?.code).toBe(2593108)
    stage.clock.now = number.onboardedAt
    number.declinesHistory = true
    expect((await sync('history')).status).toBe(200)
    await platform.settled()
    expect(JSON.stringify(callback.values)).toContain('2593109')
    expect(
      (await post(`${number.phoneNumberId}/register`, { messaging_product: 'whatsapp', pin: '111111' }))
        .status,
    ).toBe(400)
    expect((await post(`${number.phoneNumberId}/deregister`)).status).toBe(400)
  })

  it('plays the embedded signup: finish and code in any order, a code for one use and 30 seconds', async () => {
    const { platform, number } = stage
    const { app } = number
    const finish = platform.signup.run(app, { kind: 'cloud-api', number })
    const message = finish.news.find(({ kind }) => kind === 'message')
    const data = JSON.parse(message?.kind === 'message' ? message.data : '') as unknown
    expect(data).toMatchObject({
      type: 'WA_EMBEDDED_SIGNUP',
      event: 'FINISH',
      data: { phone_number_id: number.phoneNumberId, waba_id: number.businessAccountId },
    })
    const codeOf = ({ news }: typeof finish): string =>
      news.flatMap((each) => (each.kind === 'login' ? [each.authResponse?.code ?? ''] : []))[0] ?? ''
    const exchange = (code: string) =>
      get(`oauth/access_token?client_id=${app.id}&client_secret=${app.secret}&code=${code}`)
    const { body } = await exchange(codeOf(finish))
    const token = { Authorization: `Bearer ${String(body['access_token'])}` }
    expect((await stage.call('GET', `/v25.0/${number.phoneNumberId}`, undefined, token)).status).toBe(200)
    expect((await exchange(codeOf(finish))).body.error?.code).toBe(100)
    const late = platform.signup.run(app, { kind: 'coexistence', number })
    expect(JSON.stringify(late.news)).toContain('FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING')
    stage.clock.now += 30_000
    expect((await exchange(codeOf(late))).body.error?.message).toMatch(/expired/)
    const cancelled = platform.signup.run(app, { kind: 'cancel', step: 'PHONE_NUMBER_SETUP' })
    expect(JSON.stringify(cancelled.news)).toContain('PHONE_NUMBER_SETUP')
    const orders = new Set(
      Array.from({ length: 20 }, () => platform.signup.run(app, { kind: 'cloud-api', number }).news[0]?.kind),
    )
    expect(orders.size).toBe(2)
  })

  it('debugs a token with its app', async () => {
    const { app, accessToken, businessAccountId } = stage.number
    const path = `debug_token?input_token=${accessToken}`
    const asApp = { Authorization: `Bearer ${app.id}|${app.secret}` }
    const { body } = await stage.call('GET', `/v25.0/${path}`, undefined, asApp)
    expect(body['data']).toMatchObject({
      is_valid: true,
      expires_at: 0,
      scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'],
    })
    expect(JSON.stringify(body)).toContain(businessAccountId)
    const wrong = { Authorization: `Bearer ${app.id}|wrong` }
    expect((await stage.call('GET', `/v25.0/${path}`, undefined, wrong)).status).toBe(401)
  })
})
