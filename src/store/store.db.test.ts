import { defineCoexistenceSuite } from './testing/coexistence-suite.ts'
import { defineInventorySuite } from './testing/inventory-suite.ts'
import { defineRepositoriesSuite } from './testing/repositories-suite.ts'
import { defineRunsSuite } from './testing/runs-suite.ts'
import { defineSamplesSuite } from './testing/samples-suite.ts'
import { defineSchemaSuite } from './testing/schema-suite.ts'
import { SERVERS } from './testing/test-databases.ts'

for (const server of SERVERS) {
  defineSchemaSuite(server)
  defineRepositoriesSuite(server)
  defineInventorySuite(server)
  defineRunsSuite(server)
  defineSamplesSuite(server)
  defineCoexistenceSuite(server)
}
