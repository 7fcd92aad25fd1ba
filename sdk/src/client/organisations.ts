/**
 * @module client/organisations
 * Who belongs to which organisation: attested by the organisation on chain, asked by keepers at every view that names it.
 */
import type { Address } from "../bytes.ts";
import type { Attestation } from "../chain/index.ts";
import { ROLE_ORGANISATION } from "../contracts/index.ts";
import { SdkError } from "../errors.ts";
import { sendAct } from "./context.ts";
import { NO_PINS, personOf, type PinnedKeys } from "./people.ts";
import type { ActOptions, Carekey, Person, PersonProfile } from "./types.ts";

/** Somebody's place in an organisation. `validUntil` in seconds; `isCurrent`: it counts now. */
export type Membership = { organisation: PersonProfile; member: PersonProfile; validUntil: number; isCurrent: boolean };

/**
 * As an organisation: says until when somebody belongs to it. One transaction.
 * membership.validUntil: seconds; 0 ends the membership.
 * @throws SdkError CONTRACT_REVERTED (not a verified organisation, nothing would change), SIGNATURE_REFUSED
 */
export async function attestMember(
  carekey: Carekey,
  membership: { member: Address; validUntil: number },
  options: ActOptions = {},
): Promise<void> {
  const { member, validUntil } = membership;
  const label = validUntil === 0 ? "End this membership" : "Confirm this membership";
  await sendAct(carekey, "attestMembership", [member, validUntil], label, options);
}

/** Everybody whom this organisation attested and did not end, current members first. @throws SdkError CHAIN_UNAVAILABLE */
export async function listMembers(carekey: Carekey, organisation: Person): Promise<Membership[]> {
  const attestations = await carekey.chain.organisations.attestationsBy(organisation.address);
  const memberships = await membershipsFrom(
    carekey,
    newest(attestations, ({ member }) => member),
  );
  return memberships
    .filter(({ validUntil }) => validUntil > 0)
    .sort((left, right) => Number(right.isCurrent) - Number(left.isCurrent));
}

/** The verified organisations to which somebody belongs now. @throws SdkError CHAIN_UNAVAILABLE, GATEWAY_UNAVAILABLE */
export async function organisationsOf(carekey: Carekey, member: Address): Promise<Membership[]> {
  const attestations = await carekey.chain.organisations.attestationsOf(member);
  const memberships = await membershipsFrom(
    carekey,
    newest(attestations, ({ organisation }) => organisation),
  );
  return memberships.filter(({ isCurrent }) => isCurrent);
}

/**
 * The organisation's profile, when it is verified and the person is its member now.
 * @throws SdkError NOT_VERIFIED with details.reason "organisation" or "membership"
 */
export async function assertMember(
  carekey: Carekey,
  organisation: Address,
  member: Address,
  pins: PinnedKeys = NO_PINS,
): Promise<PersonProfile> {
  const [profile, validUntil] = await Promise.all([
    personOf(carekey, organisation, pins),
    carekey.chain.organisations.membershipOf(organisation, member),
  ]);
  if (profile.identity.role !== ROLE_ORGANISATION || !profile.verified) {
    throw new SdkError("NOT_VERIFIED", "this organisation is not verified now", {
      details: { reason: "organisation" },
    });
  }
  if (validUntil > carekey.now()) return profile;
  throw new SdkError("NOT_VERIFIED", "this person does not belong to the organisation now", {
    details: { reason: "membership" },
  });
}

function newest(attestations: readonly Attestation[], keyOf: (attestation: Attestation) => Address): Attestation[] {
  return [...new Map(attestations.map((each) => [keyOf(each), each])).values()];
}

function membershipsFrom(carekey: Carekey, attestations: readonly Attestation[]): Promise<Membership[]> {
  return Promise.all(
    attestations.map(async ({ organisation, member, validUntil }) => {
      const [profile, memberProfile] = await Promise.all([personOf(carekey, organisation), personOf(carekey, member)]);
      const isVerified = profile.verified && profile.identity.role === ROLE_ORGANISATION;
      const isCurrent = isVerified && validUntil > carekey.now();
      return { organisation: profile, member: memberProfile, validUntil, isCurrent };
    }),
  );
}
