// Each resource that is served, through every method that the SDK has for it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client, facts, sdk } from './shop.mjs'
import { flagged, known, partFor, specimenOf } from './specimens.mjs'

// What each part of the SDK has besides relationships and verbs.
const ACTIONS = ['list', 'count', 'retrieve', 'create', 'update', 'delete']
const OFFLINE = /^(constructor|is[A-Z]\w*|relationship|relationshipToMany|type|path)$/

const methodsOf = (part) =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(part)).filter(
    (name) => !ACTIONS.includes(name) && !OFFLINE.test(name),
  )

test('the SDK knows every resource of the contract that is served', () => {
  const unknown = facts.resources.filter((each) => each.in_contract && !partFor(each))
  assert.deepEqual(unknown, [])
  assert.ok(known.length >= 10)
})

for (const resource of known) {
  const part = partFor(resource)
  const { type, actions, attributes, relationships } = resource

  // What is served beyond the contract is served in part, and says so by what it declares.
  if (resource.in_contract) {
    test(`${type}: every method of the SDK leads somewhere, or is left out with a reason`, () => {
      const missing = methodsOf(part).filter(
        (name) =>
          !(name in relationships) &&
          !(name in attributes) &&
          !(name in resource.left_out) &&
          !resource.waiting.includes(name),
      )
      assert.deepEqual(missing, [])
    })
  }

  test(`${type}: retrieve`, async () => {
    const found = await specimenOf(resource)
    // A factory has an attribute of that name, which says what it makes.
    if (!('type' in resource.attributes)) assert.equal(found.type, type)
    for (const [name] of flagged(resource, 'fetch')) assert.ok(name in found, name)
  })

  test(`${type}: relationships`, async () => {
    const { id } = await specimenOf(resource)
    for (const [name, { many, includable }] of Object.entries(relationships)) {
      if (methodsOf(part).includes(name)) {
        const found = await part[name](id)
        assert.equal(Array.isArray(found), many, name)
      }
      if (includable && !resource.singleton) {
        const found = await part.retrieve(id, { include: [name], fields: [name] })
        assert.equal(Array.isArray(found[name]), many, name)
      }
    }
  })

  test(`${type}: fields`, async () => {
    const { id } = await specimenOf(resource)
    for (const [name] of flagged(resource, 'fetch')) {
      const found = resource.singleton
        ? await part.retrieve({ fields: { [type]: [name] } })
        : await part.retrieve(id, { fields: [name] })
      assert.deepEqual(Object.keys(found).toSorted(), [...new Set(['id', 'type', name])].toSorted())
    }
  })

  if (!actions.includes('list')) continue

  test(`${type}: list, count, pages`, async () => {
    const all = await part.list({ pageSize: 25, sort: ['created_at'] })
    assert.equal(await part.count(), all.recordCount)
    assert.equal(all.hasNextPage(), all.recordCount > 25)
    const pages = []
    for (let pageNumber = 1; pageNumber <= Math.min(all.pageCount * 25, 3); pageNumber++) {
      const page = await part.list({ pageSize: 1, pageNumber, sort: ['created_at'] })
      pages.push(...page.map((each) => each.id))
    }
    assert.deepEqual(pages, Array.from(all.slice(0, 3), (each) => each.id))
    const { id } = await specimenOf(resource)
    const [one] = await part.list({ filters: { id_eq: id } })
    assert.equal(one.id, id)
  })

  test(`${type}: sort`, async () => {
    const names = flagged(resource, 'sort').map(([name]) => name)
    for (const way of ['asc', 'desc']) {
      const sort = Object.fromEntries(names.map((name) => [name, way]))
      assert.ok((await part.list({ sort })).length > 0)
    }
    const ascending = await part.list({ sort: { id: 'asc' } })
    const descending = await part.list({ sort: ['-id'], pageSize: 25 })
    if (ascending.recordCount <= 10) {
      const ids = Array.from(ascending, (each) => each.id)
      assert.deepEqual(Array.from(descending, (each) => each.id), ids.toReversed())
    }
  })
}
