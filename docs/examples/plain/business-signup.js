// Meta's SDK is loaded and initialised before: `FB.login` has to be called during the press.
const card = document.querySelector('whatsapp-card')
card.businessSignup = true

card.addEventListener('whatsapp-business-signup', ({ detail: signup }) => {
  // Meta gives the ids in a message and the code in a call, in any order.
  let [code, finished] = [null, null]

  const finish = async () => {
    if (code === null || finished === null) return
    removeEventListener('message', listen)
    // Your server exchanges the code, within 30 seconds, and answers with `accessToken` and, where Meta posts here directly, `appSecret`.
    const response = await fetch('/api/whatsapp/exchange', { method: 'POST', body: code })
    if (!response.ok) return signup.cancel('The code of Meta could not be exchanged.')
    const { waba_id: businessAccountId, phone_number_id: phoneNumberId } = finished.data
    const isCoexistence = finished.event === 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING'
    const ids = { businessAccountId, isCoexistence, ...(phoneNumberId && { phoneNumberId }) }
    // The card tells the person what happens, also where it fails.
    await signup.connect({ ...ids, ...(await response.json()) }).catch(({ code }) => console.warn(code))
  }

  const listen = ({ origin, data }) => {
    if (!/^https:\/\/([\w-]+\.)*facebook\.com$/.test(origin)) return
    if (typeof data !== 'string' || !data.includes('WA_EMBEDDED_SIGNUP')) return
    const told = JSON.parse(data)
    if (told.event.startsWith('FINISH')) {
      finished = told
      void finish()
    } else signup.cancel(told.data)
  }
  addEventListener('message', listen)

  FB.login(
    ({ authResponse }) => {
      code = authResponse?.code ?? null
      if (code === null) signup.cancel()
      else void finish()
    },
    {
      config_id: card.dataset.metaConfig,
      response_type: 'code',
      override_default_response_type: true,
      extras: { setup: {}, sessionInfoVersion: '3', version: 'v4' },
    },
  )
})
