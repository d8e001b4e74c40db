import { join } from 'node:path'
import { test } from 'node:test'
import { checkCase, listCases } from '../../testing/probe-cases.ts'
import { networkProbe } from './index.ts'

const TESTDATA = join(import.meta.dirname, 'testdata')

for (const name of listCases(TESTDATA))
  test(`network: reads ${name}`, () => checkCase(join(TESTDATA, name), networkProbe))
