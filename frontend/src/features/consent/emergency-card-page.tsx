/**
 * @module features/consent/emergency-card-page
 * The emergency card to print and carry: what the patient wants helpers to read at once, and the code that leads clinicians further.
 */
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import type { OwnEmergency } from "@carekey/sdk/client";
import { EmptyState } from "../../components/empty-state.tsx";
import { QrCode } from "../../components/qr-code.tsx";
import { QueryStates } from "../../components/query-states.tsx";
import { Screen } from "../../components/screen.tsx";
import { useCarekey } from "../../lib/carekey.tsx";
import { useOwnEmergency } from "../../lib/emergency.ts";
import { formatDate, formatList } from "../../lib/format.ts";
import classes from "./emergency-card.module.css";

/** The page. */
export function EmergencyCardPage(): ReactNode {
  const own = useOwnEmergency();
  return (
    <Screen
      title="Emergency card"
      intro={<span className="no-print">Print it, fold it, and carry it where helpers look: wallet, phone case.</span>}
      back={{ to: "/me/emergency", label: "Emergency access" }}
    >
      <QueryStates query={own} label="Preparing the card">
        {(emergency) => (emergency.enabled ? <Printable emergency={emergency} /> : <Off />)}
      </QueryStates>
    </Screen>
  );
}

function Off(): ReactNode {
  return (
    <EmptyState
      drawing="shield"
      title="Emergency access is off"
      text="The card leads clinicians to the records you chose. Turn emergency access on first."
      action={
        <Button component={Link} to="/me/emergency">
          Set it up
        </Button>
      }
    />
  );
}

function Printable({ emergency }: { emergency: OwnEmergency }): ReactNode {
  return (
    <Stack gap="lg">
      <EmergencyCard emergency={emergency} />
      <Text c="dimmed" className="no-print">
        Whoever finds the card reads what is printed on it. The code opens nothing by itself.
      </Text>
      <Group className="no-print">
        <Button leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>
          Print
        </Button>
      </Group>
    </Stack>
  );
}

function EmergencyCard({ emergency }: { emergency: OwnEmergency }): ReactNode {
  const { person } = useCarekey();
  const [today] = useState(() => formatDate(Date.now() / 1000));
  const { origin } = window.location;
  const link = `${origin}/emergency/${person.address}`;
  const { card, contacts } = emergency;
  return (
    <section className={classes.card} aria-label="Your emergency card">
      <header className={classes.header}>
        <Title order={2} size="h3">
          Medical emergency card
        </Title>
      </header>
      <div className={classes.body}>
        <div className={classes.words}>
          {card !== null && card.name !== "" && <p className={classes.name}>{card.name}</p>}
          {card !== null && card.facts !== "" && <p className={classes.facts}>{card.facts}</p>}
          {contacts.length > 0 && <p>Please tell: {formatList(contacts.map(({ name }) => name))}</p>}
        </div>
        <div className={classes.code}>
          <QrCode
            value={link}
            label="The way for clinicians to this person’s emergency records, as a QR code"
            size={148}
          />
        </div>
      </div>
      <p>
        Clinicians: scan the code, or open {origin}/emergency and type the account below. With a colleague’s word you
        can read the records that this person chose for emergencies.
      </p>
      <p className={classes.account}>
        {person.address}
        <br />
        Printed {today}
      </p>
    </section>
  );
}
