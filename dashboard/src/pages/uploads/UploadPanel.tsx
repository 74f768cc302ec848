import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { errorText } from "@/api/error";
import { filesKey, useTimeline } from "@/api/files";
import { cancelUpload, uploadsKey } from "@/api/uploads";
import type { Upload } from "@/api/wire";
import { Copied } from "@/files/Copied";
import { standing } from "@/files/standing";
import { Timeline } from "@/files/Timeline";
import { useWorkspace } from "@/shell/workspace";
import {
  Button,
  ButtonLink,
  Bytes,
  DefinitionList,
  ErrorState,
  Notice,
  SidePanel,
  SkeletonText,
  Time,
  useToast,
} from "@/ui";
import styles from "./uploads.module.css";

export const UploadPanel = ({ upload, onClose }: { upload: Upload | undefined; onClose: () => void }) =>
  upload ? <Opened upload={upload} onClose={onClose} /> : null;

function Opened({ upload, onClose }: { upload: Upload; onClose: () => void }) {
  const workspace = useWorkspace();
  const { project = "" } = useParams();
  const timeline = useTimeline(workspace.id, upload.fileId);
  const isOpen = upload.status === "PENDING" || upload.status === "UPLOADING";
  const now = timeline.data && standing(timeline.data);

  return (
    <SidePanel
      open
      onClose={onClose}
      title={upload.name}
      footer={
        upload.status === "COMPLETED" ? (
          <ButtonLink variant="primary" to={`/w/${workspace.id}/p/${project}/files/${upload.fileId}`}>
            Open the file
          </ButtonLink>
        ) : (
          isOpen && workspace.can("member") && <Cancel upload={upload} onDone={onClose} />
        )
      }
    >
      <div className={styles.panel}>
        {now && upload.status !== "COMPLETED" && (
          <Notice tone={now.tone === "grey" ? "blue" : now.tone}>
            <strong>{now.title}.</strong> {now.text}
          </Notice>
        )}
        <DefinitionList
          items={[
            ["Declared size", <Bytes key="size" value={upload.expectedSize} />],
            ["Declared type", <code key="type">{upload.expectedMime}</code>],
            ["Started", <Time key="at" at={upload.createdAt} exact />],
            ["Came through", upload.uploadedVia === "dashboard" ? "This dashboard" : "The API"],
            ...(upload.folder ? [["Folder", upload.folder] as const] : []),
            ["Upload ID", <Copied key="id" value={upload.id} label="Copy upload ID" />],
          ]}
        />
        <div>
          <h3>What happened</h3>
          {timeline.error ? (
            <ErrorState error={timeline.error} onRetry={timeline.refetch} />
          ) : timeline.data ? (
            <Timeline entries={timeline.data} />
          ) : (
            <SkeletonText lines={4} />
          )}
        </div>
      </div>
    </SidePanel>
  );
}

/** Works until the app has said that the bytes are complete; after that the server says so. */
function Cancel({ upload, onDone }: { upload: Upload; onDone: () => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const cancel = async () => {
    setBusy(true);
    try {
      await cancelUpload(workspace.id, upload);
      toast("Upload cancelled");
      onDone();
    } catch (failure) {
      toast(errorText(failure), { tone: "error" });
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: uploadsKey(workspace.id) });
    await client.invalidateQueries({ queryKey: filesKey(workspace.id) });
  };
  return (
    <Button variant="danger" busy={busy} onClick={cancel}>
      Cancel upload
    </Button>
  );
}
