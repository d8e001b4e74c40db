import { join } from 'node:path'
import { opensshCacheOf, startFleet10 } from '../fleet/start-fleet10.ts'

/** Downloads OpenSSH 10 when it is not in the cache, which takes the network that the tests themselves do not have. */
export async function prepareOpenssh(root: string, privateFolder: string): Promise<void> {
  const fleet = await startFleet10({
    directory: join(privateFolder, 'openssh-first'),
    cache: opensshCacheOf(root),
  })
  await fleet?.stop()
}
