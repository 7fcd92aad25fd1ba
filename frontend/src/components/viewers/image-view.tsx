/**
 * @module components/viewers/image-view
 * A picture that fits its place, can be enlarged, and scrolls by keyboard.
 */
import { Stack } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Notice } from "../notice.tsx";
import { LoadingLines } from "../query-states.tsx";
import { useObjectUrl } from "./use-content.ts";
import { ZoomBar } from "./zoom-bar.tsx";
import classes from "./viewers.module.css";

/** A picture. `type` is what its bytes prove. */
export function ImageView({ name, blob, type }: { name: string; blob: Blob; type: string }): ReactNode {
  const url = useObjectUrl(blob, type);
  const [zoom, setZoom] = useState(1);
  const [isBroken, setBroken] = useState(false);
  if (url === null) return <LoadingLines count={1} />;
  if (isBroken) {
    return <Notice title="This picture cannot be shown">The file is damaged, or this browser cannot read it.</Notice>;
  }
  return (
    <Stack gap="sm">
      <ZoomBar zoom={zoom} onZoom={setZoom} />
      <div className={classes.stage} tabIndex={0} role="group" aria-label={`Picture ${name}`}>
        <img
          className={classes.picture}
          src={url}
          alt={name}
          style={{ width: `${zoom * 100}%` }}
          onError={() => setBroken(true)}
        />
      </div>
    </Stack>
  );
}
