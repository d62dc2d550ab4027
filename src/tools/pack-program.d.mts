export declare function packProgram(path: string, files: ReadonlyMap<string, string>): Promise<string>
