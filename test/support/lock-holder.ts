/** A process that takes the lock of the directory given as its argument, says so, and holds it until it is killed. */
import { ExclusiveLock } from '../../src/storage/files/exclusive-lock.ts'

const [, , directory = '.'] = process.argv
new ExclusiveLock(directory).acquire()
process.send?.('held')
setInterval(() => {}, 60_000)
