import { defineCoexistenceSuite } from './testing/coexistence-suite.ts'
import { defineInventorySuite } from './testing/inventory-suite.ts'
import { defineRepositoriesSuite } from './testing/repositories-suite.ts'
import { defineRunsSuite } from './testing/runs-suite.ts'
import { defineSamplesSuite } from './testing/samples-suite.ts'
import { defineSchemaSuite } from './testing/schema-suite.ts'
import { SQLITE } from './testing/test-databases.ts'

defineSchemaSuite(SQLITE)
defineRepositoriesSuite(SQLITE)
defineInventorySuite(SQLITE)
defineRunsSuite(SQLITE)
defineSamplesSuite(SQLITE)
defineCoexistenceSuite(SQLITE)
