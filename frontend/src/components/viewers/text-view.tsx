/**
 * @module components/viewers/text-view
 * A text file as text, whatever it holds; a FHIR resource in JSON as tables, with its text below.
 */
import { Stack, Text } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { parseResource } from "@carekey/sdk/fhir";
import { LoadingLines } from "../query-states.tsx";
import { TechnicalDetails } from "../technical-details.tsx";
import { FhirView } from "./fhir-view.tsx";
import classes from "./viewers.module.css";

/** Most characters drawn; the download has all. */
const SHOWN_CHARACTERS = 500_000;

/** A text file. */
export function TextView({ name, blob }: { name: string; blob: Blob }): ReactNode {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let isShown = true;
    void blob.text().then((content) => isShown && setText(content));
    return () => {
      isShown = false;
    };
  }, [blob]);
  if (text === null) return <LoadingLines count={1} />;
  const resource = resourceIn(name, text);
  if (resource === null) return <PlainText name={name} text={text} />;
  return (
    <Stack gap="md">
      <FhirView resource={resource} />
      <TechnicalDetails label="The file as text" facts={[]}>
        <PlainText name={name} text={text} />
      </TechnicalDetails>
    </Stack>
  );
}

function PlainText({ name, text }: { name: string; text: string }): ReactNode {
  return (
    <Stack gap="xs">
      <div className={classes.stage} tabIndex={0} role="group" aria-label={`Text of ${name}`}>
        <pre className={classes.text}>{text.slice(0, SHOWN_CHARACTERS)}</pre>
      </div>
      {text.length > SHOWN_CHARACTERS && (
        <Text c="dimmed">This is the beginning. Download the file to see all of it.</Text>
      )}
    </Stack>
  );
}

function resourceIn(name: string, text: string): unknown {
  if (!/\.json$/i.test(name) && !text.trimStart().startsWith("{")) return null;
  try {
    return parseResource(text);
  } catch {
    return null;
  }
}
