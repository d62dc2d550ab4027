import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { httpRoutes } from '../../../src/control/http/http-routes.ts'
import type { HttpRoutesDeps } from '../../../src/control/http/routes/route.ts'
import { HTTP_OPERATIONS } from '../../../src/tools/protocol/http-operations.ts'
import { renderOpenApi } from '../../../src/tools/protocol/render-openapi.ts'

const documentSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
const document = documentSchema.parse(JSON.parse(renderOpenApi()))

describe('docs/openapi.json', () => {
  it('is in step with the table', () => {
    const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')
    expect(committed, 'run "npm run docs"').toBe(renderOpenApi())
  })

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    expect(await validator.validate({ ...document })).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
    expect((await new Validator().validate({ ...document, paths: { nothing: {} } })).valid).toBe(false)
  })

  it('has every route below /v1, and no other', () => {
    // Nothing is asked of the parts while routes are only listed.
    const { routes } = httpRoutes({ browserAssetsDirectory: '/nowhere', extraRoutes: null } as HttpRoutesDeps)
    const served = routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'))
      // A document names its parameters in its own words.
      .map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, '{}')}`)
    const described = HTTP_OPERATIONS.map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`,
    )
    expect(described.toSorted()).toEqual(served.toSorted())
  })

  it('names each operation once', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(
        (operation) => z.object({ operationId: z.string() }).parse(operation).operationId,
      ),
    )
    expect(new Set(ids).size).toBe(HTTP_OPERATIONS.length)
  })
})
