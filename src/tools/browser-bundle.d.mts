export declare function browserBundle(entryPoints: Record<string, string>): Promise<{
  files: Map<string, string>
  sources: Map<string, string[]>
}>
