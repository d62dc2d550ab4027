import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import type { GraphAnswer, GraphRequest } from '../../../../../src/transports/cloud-api/graph/graph-client.ts'
import {
  TemplateCatalog,
  type TemplateCatalogDependencies,
} from '../../../../../src/transports/cloud-api/templates/template-catalog.ts'

const MINUTE_MS = 60_000
const META = { provider: 'meta' as const, phoneNumberId: '111', businessAccountId: '222' }
const template = (name: string, language = 'en') => ({
  name,
  language,
  status: 'APPROVED',
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'Hi' }],
})
const problem = (kind: string): GraphAnswer =>
  // The other fields say nothing to the catalogue.
  ({
    ok: false,
    problem: { kind, code: 1, subcode: null, details: '', retryAfterMs: null, mayHaveLeft: false },
  }) as GraphAnswer

let asked: Pick<GraphRequest, 'path' | 'query'>[]
let owner: ReturnType<TemplateCatalogDependencies['owner']>
let answers: (request: GraphRequest) => GraphAnswer | Promise<GraphAnswer>
let now: number
let catalog: TemplateCatalog

beforeEach(() => {
  asked = []
  now = 0
  owner = META
  answers = () => ({ ok: true, body: { data: [template('b'), template('a', 'en'), template('a', 'de')] } })
  catalog = new TemplateCatalog({
    owner: () => owner,
    graph: {
      call: async (request) => {
        asked.push({ path: request.path, ...(request.query && { query: request.query }) })
        return answers(request)
      },
    },
    logger: pino({ level: 'silent' }),
    now: () => now,
  })
})
const names = async (options = {}): Promise<string[]> =>
  (await catalog.list(options)).map(({ name, language }) => `${name} ${language}`)

describe('the templates of an account', () => {
  it('are asked for once in ten minutes, or when somebody says so', async () => {
    expect(catalog.knownNames).toEqual([])
    expect(await Promise.all([names(), names()])).toEqual([
      ['a de', 'a en', 'b en'],
      ['a de', 'a en', 'b en'],
    ])
    expect(catalog.knownNames).toEqual(['a', 'b'])
    now = 10 * MINUTE_MS - 1
    await names()
    expect(asked.map(({ path }) => path)).toEqual(['222/message_templates'])
    await names({ refresh: true })
    now = 20 * MINUTE_MS
    await names()
    expect(asked).toHaveLength(3)
  })

  it('are those of the account that is connected now', async () => {
    await names()
    owner = { ...META, businessAccountId: '333' }
    answers = () => ({ ok: true, body: { data: [template('other')] } })
    expect(catalog.knownNames).toEqual([])
    expect(await names()).toEqual(['other en'])
    expect(catalog.knownNames).toEqual(['other'])
  })

  it('are asked for again where one changed while Meta was asked', async () => {
    answers = () => {
      catalog.statusChanged({ event: 'PAUSED', message_template_name: 'a', message_template_language: 'en' })
      return { ok: true, body: { data: [template('a')] } }
    }
    await names()
    answers = () => ({ ok: true, body: { data: [] } })
    expect(await names()).toEqual([])
  })

  it('come page by page, 1,000 at most', async () => {
    answers = ({ query }) => ({
      ok: true,
      body: {
        data: Array.from({ length: 100 }, (_each, index) => template(`t${query?.['after'] ?? 0}_${index}`)),
        paging: { cursors: { after: String(asked.length) }, next: 'https://graph.facebook.com/' },
      },
    })
    expect(await names()).toHaveLength(1_000)
    expect(asked.map(({ query }) => query?.['after'])).toEqual([
      undefined,
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
    ])
  })

  it('change when a webhook says that one is paused', async () => {
    await names()
    catalog.statusChanged({ event: 'PAUSED', message_template_name: 'a', message_template_language: 'de' })
    expect(catalog.knownNames).toEqual(['a', 'b'])
    catalog.statusChanged({ event: 'REJECTED', message_template_name: 'b', message_template_language: 'en' })
    expect(catalog.knownNames).toEqual(['a'])
    await names()
    expect(asked).toHaveLength(2)
    for (const value of [null, 7, {}, { event: 1 }]) catalog.statusChanged(value)
  })

  it('are those of before while Meta cannot be reached, unless somebody wants them anew', async () => {
    await names()
    now = 11 * MINUTE_MS
    answers = () => problem('retry')
    expect(await names()).toEqual(['a de', 'a en', 'b en'])
    await expect(catalog.list({ refresh: true })).rejects.toMatchObject({ code: 'not_connected' })
    answers = () => problem('auth')
    await expect(catalog.list()).rejects.toMatchObject({ code: 'misconfigured' })
  })

  it('of 360dialog come without the id of the account', async () => {
    owner = { ...META, provider: '360dialog', businessAccountId: null }
    answers = () => ({ ok: true, body: { waba_templates: [template('a')] } })
    expect(await names()).toEqual(['a en'])
    expect(asked.map(({ path }) => path)).toEqual(['111/message_templates'])
  })
})

describe('templates that cannot be had', () => {
  it.each([
    ['rate_account', 'rate_limited'],
    ['auth', 'misconfigured'],
    ['not_found', 'misconfigured'],
    ['retry', 'not_connected'],
  ])('because of %s are an error %s, and are asked for again', async (kind, code) => {
    answers = () => problem(kind)
    await expect(catalog.list()).rejects.toMatchObject({ code })
    answers = () => ({ ok: true, body: { data: [] } })
    expect(await names()).toEqual([])
  })

  it('need the id of the account, at Meta', async () => {
    owner = { ...META, businessAccountId: null }
    await expect(catalog.list()).rejects.toMatchObject({ code: 'misconfigured' })
    owner = null
    await expect(catalog.list()).rejects.toMatchObject({ code: 'not_connected' })
    expect(asked).toEqual([])
  })

  it('because the answer is no list are an error', async () => {
    answers = () => ({ ok: true, body: { success: true } })
    await expect(catalog.list()).rejects.toMatchObject({ code: 'not_connected' })
  })
})
