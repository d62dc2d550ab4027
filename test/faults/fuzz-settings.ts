/** Another seed tries other input. */
export const FUZZ_SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121)

/** How many times as much is tried as in a run of all tests. */
export const FUZZ_ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 1)
