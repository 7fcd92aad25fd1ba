/**
 * @module features/governance/scan-view
 * The scan that came with an application: decrypted on this device, when the registrar asks for it.
 */
import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Application } from "@carekey/sdk/client";
import { QueryStates } from "../../components/query-states.tsx";
import { RecordViewer } from "../../components/viewers/record-viewer.tsx";

/** A button, then the scan. */
export function ScanView({ application }: { application: Application }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const scan = useQuery({
    queryKey: ["applications", "scan", application.id],
    queryFn: () => application.openScan(),
    enabled: isOpen,
    gcTime: 0,
    staleTime: Infinity,
  });
  if (!isOpen) {
    return (
      <Button variant="default" leftSection={<IconEye size={20} aria-hidden />} onClick={() => setOpen(true)}>
        View the scan
      </Button>
    );
  }
  return (
    <QueryStates query={scan} label="Decrypting the scan">
      {(file) =>
        file === null ? null : (
          <RecordViewer
            name={file.name}
            type={file.type}
            size={file.bytes.length}
            fhir={null}
            open={() => new Blob([new Uint8Array(file.bytes)]).stream()}
          />
        )
      }
    </QueryStates>
  );
}
