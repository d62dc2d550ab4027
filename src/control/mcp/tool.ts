import type { McpServer, StandardSchemaWithJSON, ToolAnnotations } from '@modelcontextprotocol/server'
import type { z } from 'zod'
import type { Scope } from '../../protocol/tokens/scopes.ts'
import type { CallMethod } from './call-method.ts'
import type { McpFiles } from './mcp-files.ts'
import { failedResult, toolResult } from './tool-result.ts'

interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  name: string
  title: string
  /** What an assistant must know to use it right. */
  description: string
  /** Without it the tool is not listed. */
  scope: Scope
  annotations: ToolAnnotations
  input: Input
  output: Output
  run: (
    given: z.output<Input>,
    call: CallMethod,
    files: McpFiles,
  ) => Promise<z.output<Output> & Record<string, unknown>>
}

/** A tool that can be offered to a client. */
export interface Tool {
  name: string
  scope: Scope
  register: (server: McpServer, call: CallMethod, files: McpFiles) => void
}

/** A tool from its declaration. What it throws becomes a result that says the cure. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, scope, title, description, annotations, input, output, run } = definition
  const inputSchema: StandardSchemaWithJSON = input
  const outputSchema: StandardSchemaWithJSON = output
  const offered = { title, description, annotations, inputSchema, outputSchema }
  return {
    name,
    scope,
    register: (server, call, files) => {
      server.registerTool(name, offered, async (given) => {
        try {
          // The library has parsed it with this schema.
          return toolResult(await run(given as z.output<Input>, call, files))
        } catch (error) {
          return failedResult(error)
        }
      })
    },
  }
}
