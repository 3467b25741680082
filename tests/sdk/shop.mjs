// The shop that is open, and clients of the official SDK for it.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommerceLayer } from '@commercelayer/sdk/bundle'

export const facts = JSON.parse(readFileSync(process.env.FACTS, 'utf8'))

// The SDK always calls https://<organization>.<domain>: this leads it to the shop on loopback.
export const loopback = (address, options) => {
  const { pathname, search } = new URL(address)
  return fetch(facts.address + pathname + search, options)
}

export const client = (accessToken, options = {}) =>
  CommerceLayer({
    organization: 'my-shop',
    domain: 'shop.example',
    accessToken,
    fetch: loopback,
    ...options,
  })

export const sdk = client(facts.tokens.integration)

// Copies are made by a worker: look again until one has ended.
export const ended = async (id, params) => {
  for (let look = 0; look < 200; look++) {
    const copy = await sdk.order_copies.retrieve(id, params)
    if (!['pending', 'in_progress'].includes(copy.status)) return copy
    await sleep(50)
  }
  throw new Error(`copy ${id} has not ended`)
}

// What the SDK throws, as [status, code of the first error].
export const refusal = async (promise) => {
  try {
    await promise
  } catch (error) {
    if (error.name !== 'ApiError') throw error
    return [error.status, error.errors[0].code]
  }
  throw new Error('it was not refused')
}

// The ids of a list read by cursor, from its first page to its last.
export const idsOnAllPages = async (path) => {
  const ids = []
  for (let address = facts.address + path; address; ) {
    const answer = await fetch(address, {
      headers: { authorization: `Bearer ${facts.tokens.integration}` },
    })
    const { data, links } = await answer.json()
    ids.push(...data.map((each) => each.id))
    address = links.next
  }
  return ids
}
