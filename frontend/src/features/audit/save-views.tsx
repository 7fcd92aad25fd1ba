/**
 * @module features/audit/save-views
 * Saves the views on screen: for a spreadsheet, or for a program that reads FHIR.
 */
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { View } from "@carekey/sdk/client";
import { saveBlob } from "../../components/viewers/content.ts";
import { useCarekey } from "../../lib/carekey.tsx";
import { csvBlob } from "../../lib/csv.ts";
import { formatAddress } from "../../lib/format.ts";
import { viewsToCsv, viewsToFhir } from "./view-export.ts";

/** The menu. What is saved is what the filters show. */
export function SaveViews({ views }: { views: readonly View[] }): ReactNode {
  const { carekey, person } = useCarekey();
  const { address } = person;
  const saveTable = () => saveBlob(csvBlob(viewsToCsv(views)), "who-looked-at-my-records.csv");
  const saveFhir = () => {
    const json = viewsToFhir(views, { address, name: formatAddress(address), at: carekey.now() });
    saveBlob(new Blob([json], { type: "application/fhir+json" }), "who-looked-at-my-records.json");
  };
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={20} aria-hidden />}
          rightSection={<IconChevronDown size={18} aria-hidden />}
        >
          Save this list
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={saveTable}>As a table (CSV)</Menu.Item>
        <Menu.Item onClick={saveFhir}>For health programs (FHIR)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
