/**
 * @module components/viewers/file-view
 * Chooses the view of an opened file, after its first bytes have proved what it is.
 */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useId, type ReactNode } from "react";
import { LoadingLines } from "../query-states.tsx";
import { Notice } from "../notice.tsx";
import { provenType, viewKindOf, type FileFacts } from "./content.ts";
import { ImageView } from "./image-view.tsx";
import { TextView } from "./text-view.tsx";

const PdfView = lazy(async () => ({ default: (await import("./pdf-view.tsx")).PdfView }));

/** An opened file. */
export function FileView({ file, blob }: { file: FileFacts; blob: Blob }): ReactNode {
  const id = useId();
  const kind = viewKindOf(file);
  const proof = useQuery({ queryKey: ["viewer", id], queryFn: () => provenType(blob), gcTime: 0, staleTime: Infinity });
  if (kind === "text") return <TextView name={file.name} blob={blob} />;
  if (proof.data === undefined) return <LoadingLines count={2} />;
  if (kind === "pdf" && proof.data === "application/pdf") {
    return (
      <Suspense fallback={<LoadingLines count={2} />}>
        <PdfView name={file.name} blob={blob} />
      </Suspense>
    );
  }
  if (kind === "image" && proof.data?.startsWith("image/")) {
    return <ImageView name={file.name} blob={blob} type={proof.data} />;
  }
  return (
    <Notice title="This file is not what its name says">
      It cannot be shown here. You can download it, but open it only if you trust where it comes from.
    </Notice>
  );
}
