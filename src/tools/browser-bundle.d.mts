export declare function browserBundle(
  entryPoint: string,
  external?: string[],
): Promise<{ code: string; licences: string; inputs: string[] }>
