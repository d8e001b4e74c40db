import { duplicateKeyOf } from '../dialects/database-errors.ts'
import { updateOrInsert } from '../insert-with-id.ts'
import type { SecretRepository, SettingRepository } from '../repositories.ts'
import type { RepositoryContext } from '../repository-context.ts'

/** Settings over one database or transaction. */
export const createSettingRepository = ({ db }: RepositoryContext): SettingRepository => {
  const get = async (name: string): Promise<string | null> => {
    const row = await db.selectFrom('setting').select('content').where('name', '=', name).executeTakeFirst()
    return row?.content ?? null
  }
  const insert = (name: string, content: string) =>
    db.insertInto('setting').values({ name, content }).execute()
  return {
    get,
    set: (name, content) =>
      updateOrInsert(
        async () => {
          const query = db.updateTable('setting').set({ content }).where('name', '=', name)
          return (await query.executeTakeFirstOrThrow()).numUpdatedRows
        },
        () => insert(name, content),
      ),
    async setIfAbsent(name, content) {
      const known = await get(name)
      if (known !== null) return known
      try {
        await insert(name, content)
        return content
      } catch (error) {
        if (duplicateKeyOf(error) === null) throw error
        return (await get(name)) ?? content
      }
    },
  }
}

/** Encrypted secrets over one database or transaction. */
export const createSecretRepository = ({ db }: RepositoryContext): SecretRepository => ({
  async get(name) {
    const row = await db.selectFrom('secret').select('ciphertext').where('name', '=', name).executeTakeFirst()
    return row?.ciphertext ?? null
  },
  put: (name, ciphertext) =>
    updateOrInsert(
      async () => {
        const query = db.updateTable('secret').set({ ciphertext }).where('name', '=', name)
        return (await query.executeTakeFirstOrThrow()).numUpdatedRows
      },
      () => db.insertInto('secret').values({ name, ciphertext }).execute(),
    ),
})
