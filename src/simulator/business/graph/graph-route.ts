import type { BusinessEnvironment } from '../business-environment.ts'
import type { Operation } from '../faults/business-faults.ts'
import type { BusinessAccount } from '../management/business-account.ts'
import type { BusinessNumber } from '../management/business-number.ts'
import type { AccessToken, TokenScope } from '../management/meta-app.ts'
import type { MediaFile } from '../media/media-files.ts'
import type { GraphRequest } from './graph-request.ts'

/** Answers with the JSON body. Throws `GraphError`. */
type GraphHandler<Target> = (
  env: BusinessEnvironment,
  target: Target,
  request: GraphRequest,
) => object | Promise<object>

/** A call that a route was found for, with everything checked but what the handler itself checks. */
export interface GraphCall {
  operation: Operation
  /** Of the business number that it is about, for faults and records. */
  number: BusinessNumber | null
  run(): object | Promise<object>
}

/** A route about one kind of object: `POST /<id>/messages`. */
interface ObjectRoute<Target> {
  method: 'GET' | 'POST' | 'DELETE'
  /** What follows the id; empty for the object itself. */
  edge: string
  operation: Operation | ((request: GraphRequest) => Operation)
  scope: TokenScope
  handle: GraphHandler<Target>
}

export type NumberRoute = ObjectRoute<{ token: AccessToken; number: BusinessNumber }>
export type AccountRoute = ObjectRoute<{ token: AccessToken; account: BusinessAccount }>
export type MediaRoute = ObjectRoute<{ token: AccessToken; media: MediaFile }>
