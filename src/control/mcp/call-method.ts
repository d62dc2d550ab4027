import type { MethodName, MethodParams, MethodResult } from '../../protocol/methods.ts'

/** Calls a method of the protocol for the caller of a tool, with the scopes of their token. Rejects with an error that says the cure. */
export type CallMethod = <Name extends MethodName>(
  method: Name,
  params: MethodParams<Name>,
) => Promise<MethodResult<Name>>
