/**
 * @module app/demo-wallet-dialog
 * The pop-up of the demo wallet: who to be, what is signed, accept or refuse.
 */
import { Avatar, Button, Modal, Stack, Text, UnstyledButton } from "@mantine/core";
import { useSyncExternalStore, type ReactNode } from "react";
import { initialsOf } from "../components/person-name.tsx";
import { formatAddress } from "../lib/format.ts";
import {
  currentRequest,
  onRequestChange,
  type ConnectQuestion,
  type SignQuestion,
} from "../lib/wallet/demo-requests.ts";
import classes from "./demo-wallet-dialog.module.css";

/** Shows whatever the demo wallet asks. Closing it is a refusal. */
export function DemoWalletDialog(): ReactNode {
  const request = useSyncExternalStore(onRequestChange, currentRequest);
  const refuse = () => {
    if (request?.kind === "connect") request.answer(null);
    else request?.answer(false);
  };
  return (
    <Modal
      opened={request !== null}
      onClose={refuse}
      title="Demo wallet"
      zIndex={1000}
      closeOnClickOutside={false}
      size="md"
      classNames={{ content: classes.content, title: classes.title, header: classes.header }}
    >
      {request?.kind === "connect" && <ChoosePerson request={request} />}
      {request !== null && request.kind !== "connect" && <AskToSign request={request} />}
    </Modal>
  );
}

function ChoosePerson({ request }: { request: ConnectQuestion }): ReactNode {
  return (
    <Stack gap="sm">
      <Text>Who do you want to be? These people exist on this computer’s test network only.</Text>
      <ul className={classes.people}>
        {request.people.map((person) => (
          <li key={person.address}>
            <UnstyledButton className={classes.person} onClick={() => request.answer(person)}>
              <Avatar radius="xl" size={44} color="teal" aria-hidden="true">
                {initialsOf(person.name)}
              </Avatar>
              <span>
                <span className={classes.name}>{person.name}</span>
                <span className={classes.role}>{person.role}</span>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Button variant="default" onClick={() => request.answer(null)}>
        Cancel
      </Button>
    </Stack>
  );
}

const headings: Record<SignQuestion["kind"], string> = {
  message: "Carekey asks you to sign a message",
  "typed-data": "Carekey asks for your signature",
  transaction: "Carekey asks to send a transaction",
};

function AskToSign({ request }: { request: SignQuestion }): ReactNode {
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>{headings[request.kind]}</Text>
        <Text c="dimmed">
          {request.person.name} · {formatAddress(request.person.address)} · local test network
        </Text>
      </div>
      <div className={classes.signed} tabIndex={0} role="group" aria-label="What you sign">
        {request.text !== undefined && <pre className={classes.text}>{request.text}</pre>}
        {request.fields !== undefined && (
          <>
            <Text fw={600} mb={6}>
              {request.title}
            </Text>
            <dl className={classes.fields}>
              {request.fields.map((field, index) => (
                <div key={index} data-depth={Math.min(field.depth, 3)}>
                  <dt>{field.name}</dt>
                  <dd>{field.value}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => request.answer(false)}>
          Refuse
        </Button>
        <Button onClick={() => request.answer(true)} data-autofocus>
          Accept
        </Button>
      </div>
    </Stack>
  );
}
