import { configureGlobal } from 'fast-check'

/** The same cases of every property in each run: `FUZZ_SEED=<number>` tries others, as `make fuzz` does. */
configureGlobal({ seed: Number(process.env['FUZZ_SEED'] ?? 20_261_121) })
