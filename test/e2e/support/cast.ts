/**
 * @module test/e2e/support/cast
 * The people of the end-to-end tests. They keep their tabs through all files, which run in the order of their names.
 */
import { openApp, type E2ePerson } from "./person.ts";
import "./world.ts";

/** Who takes part. */
export type Cast = { patient: E2ePerson; doctor: E2ePerson; stranger: E2ePerson; registrar: E2ePerson };

let people: Cast | null = null;

before(async function () {
  this.timeout(120_000);
  people = {
    patient: await openApp({ name: "Rosa Lindqvist", account: 10 }),
    doctor: await openApp({ name: "Dr Ada Nwosu", account: 11 }),
    stranger: await openApp({ name: "Dr Emil Strand", account: 12 }),
    registrar: await openApp({ name: "Medical registry", account: 0 }),
  };
});

after(async function () {
  this.timeout(60_000);
  for (const person of Object.values(people ?? {})) await person.close();
});

/** The people, inside a test or hook. */
export function cast(): Cast {
  if (people === null) throw new Error("nobody is there yet: call cast() inside a test or a hook");
  return people;
}
