import { z } from 'zod'
import type { SudoRefusal } from '../../domain/sudo-refusal.ts'
import { encodeTypedJson } from '../../lib/typed-json.ts'
import { updateOrInsert } from '../insert-with-id.ts'
import type { SudoRefusalRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { readStored } from '../stored-json.ts'

const refusalsShape: z.ZodType<readonly SudoRefusal[]> = z.array(
  z.looseObject({ command: z.string(), refusedAt: z.date() }),
)

/** What sudo refused, over one database or transaction. */
export const createSudoRefusalRepository = ({ db }: RepositoryContext): SudoRefusalRepository => ({
  async find(serverId) {
    const query = db.selectFrom('sudo_refusal').select('refusals').where('server_id', '=', serverId)
    const row = await query.executeTakeFirst()
    const at = { table: 'sudo_refusal', id: serverId, column: 'refusals' }
    return row === undefined ? [] : readStored(at, row.refusals, refusalsShape)
  },
  async replace(serverId, list) {
    const refusals = encodeTypedJson(list)
    await updateOrInsert(
      async () => {
        const query = db.updateTable('sudo_refusal').set({ refusals }).where('server_id', '=', serverId)
        return (await query.executeTakeFirstOrThrow()).numUpdatedRows
      },
      () => db.insertInto('sudo_refusal').values({ server_id: serverId, refusals }).execute(),
    )
  },
})
