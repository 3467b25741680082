// One of each resource that is served, to ask the SDK about.
import { facts, sdk } from './shop.mjs'

export const specimenOf = async ({ type, singleton }) =>
  singleton ? sdk[singleton].retrieve() : sdk[type].retrieve(facts.ids[type])

// The part of the SDK for a resource; what the contract does not have it does not know.
export const partFor = ({ type, singleton }) => sdk[singleton ?? type]

export const known = facts.resources.filter(partFor)

export const flagged = ({ attributes }, flag) =>
  Object.entries(attributes).filter(([, { flags }]) => flags.includes(flag))
