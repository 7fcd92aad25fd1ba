/**
 * @module components/person-name
 * A person by name, with what is known about the licence and the key.
 */
import { Avatar, Group, Skeleton, Text } from "@mantine/core";
import { useQuery, queryOptions } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Address } from "@carekey/sdk/bytes";
import { personOf, type PersonProfile } from "@carekey/sdk/client";
import { useCarekey } from "../lib/carekey.tsx";
import { formatAddress } from "../lib/format.ts";
import { pinsQuery, type Viewer } from "../lib/known-keys.ts";
import { queryKeys } from "../lib/query-keys.ts";
import { KeyBadge } from "./key-status.tsx";
import { LicenceBadge } from "./verified-badge.tsx";

/** The query of one person's public profile, with the key held against what the viewer met before. */
export function personQuery(viewer: Viewer, address: Address) {
  return queryOptions({
    queryKey: queryKeys.person(address),
    queryFn: async ({ client }) => personOf(viewer.carekey, address, await client.fetchQuery(pinsQuery(viewer))),
    staleTime: 60_000,
  });
}

/** Props of {@link PersonName}. */
export type PersonNameProps = {
  address: Address;
  /** `name` is the bare name in running text; `line` adds the badge; `card` adds speciality and initials. */
  variant?: "name" | "line" | "card";
  /** Known already, so that nothing is asked. */
  profile?: PersonProfile | null;
};

/** The name behind an address; the short address while unknown. */
export function PersonName({ address, variant = "name", profile }: PersonNameProps): ReactNode {
  const viewer = useCarekey();
  const query = useQuery({
    ...personQuery(viewer, address),
    enabled: profile === undefined || profile === null,
  });
  const known = profile ?? query.data;
  if (known === undefined && query.isPending)
    return <Skeleton component="span" height={20} width={140} display="inline-block" />;
  const name = known?.name ?? formatAddress(address);
  if (variant === "name") return <span title={address}>{name}</span>;
  return <PersonLine name={name} address={address} profile={known ?? null} isCard={variant === "card"} />;
}

type LineProps = { name: string; address: Address; profile: PersonProfile | null; isCard: boolean };

function PersonLine({ name, address, profile, isCard }: LineProps): ReactNode {
  const speciality = profile?.speciality ?? "";
  return (
    <Group gap="sm" wrap="nowrap" miw={0}>
      {isCard && (
        <Avatar size={48} radius="xl" color="teal" aria-hidden="true">
          {initialsOf(name)}
        </Avatar>
      )}
      <div>
        <Group gap={8}>
          <Text fw={600} title={address}>
            {name}
          </Text>
          {profile !== null && <LicenceBadge profile={profile} />}
          {profile !== null && <KeyBadge profile={profile} />}
        </Group>
        {isCard && speciality !== "" && <Text c="dimmed">{speciality}</Text>}
      </div>
    </Group>
  );
}

/** Two letters for an avatar, titles left out. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "" && !/^(dr|prof|mr|mrs|ms)\.?$/i.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? "");
  return letters.join("").toUpperCase();
}
