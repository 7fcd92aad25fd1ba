/**
 * @module test/sdk/fhir/support
 * The people and the moment that the FHIR tests write about.
 */
import type { BuildContext } from "@carekey/sdk/fhir";

/** 21 November 2026, 10:00 UTC. */
export const MOMENT = 1795255200;

/** Dr Okafor writes about Rosa. */
export const visit: BuildContext = {
  patient: { address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", name: "Rosa Lindqvist" },
  author: { address: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", name: "Dr Amara Okafor" },
  at: MOMENT,
};

/** The same visit, with a file that comes along. */
export const visitWithFile: BuildContext = {
  ...visit,
  file: { name: "letter.pdf", type: "application/pdf", size: 48_213 },
};
