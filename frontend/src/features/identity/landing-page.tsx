/**
 * @module features/identity/landing-page
 * What Carekey is, in three plain sentences, and the way in.
 */
import { Button, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconShieldLock, IconUserHeart } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ConnectDialog } from "./connect-dialog.tsx";
import { LandingDrawing } from "./landing-drawing.tsx";
import classes from "./landing-page.module.css";

const sentences = [
  {
    icon: IconShieldLock,
    title: "Only you hold the key",
    text: "Your records are encrypted on this device before they leave it. No server can read them.",
  },
  {
    icon: IconUserHeart,
    title: "You decide who reads what",
    text: "You share a part of your records with one doctor, until a day you choose. You can stop at any time.",
  },
  {
    icon: IconKey,
    title: "Nobody can rewrite your history",
    text: "Every entry and every permission is noted on a public network, so nothing can be added or dropped unseen.",
  },
] as const;

/** The first page. */
export function LandingPage(): ReactNode {
  const [isConnecting, dialog] = useDisclosure();
  return (
    <>
      <div className={classes.hero}>
        <div>
          <Title order={1} className={classes.title}>
            Your medical records, in your hands
          </Title>
          <Text size="lg" c="dimmed" mt="md" maw="32rem">
            Carekey keeps your records together, and lets your doctors in when you say so.
          </Text>
          <Button size="lg" mt="xl" onClick={dialog.open}>
            Connect your wallet
          </Button>
          <Text c="dimmed" mt="sm">
            Free to look around. Connecting shares nothing but your address.
          </Text>
        </div>
        <LandingDrawing />
      </div>
      <ul className={classes.points}>
        {sentences.map(({ icon: Icon, title, text }) => (
          <li key={title}>
            <Icon size={28} stroke={1.6} aria-hidden="true" />
            <Title order={2} size="h3">
              {title}
            </Title>
            <Text c="dimmed">{text}</Text>
          </li>
        ))}
      </ul>
      <ConnectDialog opened={isConnecting} onClose={dialog.close} />
    </>
  );
}
