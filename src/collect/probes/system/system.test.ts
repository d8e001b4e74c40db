import { join } from 'node:path'
import { test } from 'node:test'
import { checkCase, listCases } from '../../testing/probe-cases.ts'
import { systemProbe } from './index.ts'

const TESTDATA = join(import.meta.dirname, 'testdata')

for (const name of listCases(TESTDATA))
  test(`system: reads ${name}`, () => checkCase(join(TESTDATA, name), systemProbe))
