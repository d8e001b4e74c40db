import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillerToNull } from './filler.ts'

const FILLERS = [
  ' ',
  'Not Specified',
  '<BAD INDEX>',
  'To be filled by O.E.M.',
  '[Empty]',
  'NO DIMM',
  'Manufacturer00',
  'A1_Manufacturer1',
  'Dimm0_Manufacturer',
  'Dimm2_Manufacturer_Name_String',
  'Array1_PartNumber0',
  'CPU1_Dimm2_PartNum',
  'Dimm1_PartNum_____',
  'ModulePartNumber13',
  'A1_AssetTagNum0',
  'SerNum1',
  'Unknown (JEDEC ID: 0000h)',
  '0000-0000',
  'FFFFFFFF',
  '..........',
  'XxXxXxX',
]

const ANSWERS = [
  'HMT31GR7BFR4A-H9',
  '0x802C',
  '80CE',
  'DIMM_A1',
  'P0',
  'Manufacturer of Servers',
  'Hynix',
  '1.10',
  'N/A-1',
]

for (const filler of FILLERS) test(`"${filler}" is a filler`, () => assert.equal(fillerToNull(filler), null))
for (const answer of ANSWERS)
  test(`"${answer}" is an answer`, () => assert.equal(fillerToNull(` ${answer} `), answer))

test('nothing is null, and a long text costs no time', () => {
  assert.equal(fillerToNull(undefined), null)
  assert.equal(fillerToNull(null), null)
  const long = 'dimm0_'.repeat(100_000)
  const started = performance.now()
  assert.equal(fillerToNull(long), long)
  assert.ok(performance.now() - started < 50)
})
