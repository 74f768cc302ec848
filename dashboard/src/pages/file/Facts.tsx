import type { FileInfo } from "@/api/wire";
import { Copied } from "@/files/Copied";
import { CATEGORY_WORDS } from "@/files/category";
import { formatNumber } from "@/lib/format";
import { Badge, Bytes, Card, DefinitionList, Time } from "@/ui";
import styles from "./Facts.module.css";

const VIA: Record<string, string> = { api: "The API", dashboard: "This dashboard", intake: "An intake page" };

export function Facts({ file }: { file: FileInfo }) {
  return (
    <Card title="Details">
      <DefinitionList
        items={[
          [
            "Visibility",
            <Badge key="visibility" tone={file.isPublic ? "blue" : "grey"}>
              {file.isPublic ? "Public" : "Private"}
            </Badge>,
          ],
          ["Kind", CATEGORY_WORDS[file.category].one],
          ["Type", <code key="type">{file.mimeType}</code>],
          [
            "Size",
            <span key="size">
              <Bytes value={file.sizeBytes} />
              {file.sizeBytes >= 1000 && <span className={styles.quiet}> ({formatNumber(file.sizeBytes)} bytes)</span>}
            </span>,
          ],
          ["Folder", file.folder || <span className={styles.quiet}>None</span>],
          ...(file.originalName === file.name ? [] : [["Uploaded as", file.originalName] as const]),
          ["Added", <Time key="added" at={file.createdAt} exact />],
          ...(file.updatedAt === file.createdAt
            ? []
            : [["Changed", <Time key="changed" at={file.updatedAt} exact />] as const]),
          ["Came through", VIA[file.uploadedVia] ?? file.uploadedVia],
          ...(file.ownerRef === null ? [] : [["Owner in your app", file.ownerRef] as const]),
          [
            "Malware scan",
            file.scan === "clean" ? (
              <Badge key="scan" tone="green">
                Clean
              </Badge>
            ) : (
              <span key="scan" title="This server has no malware scanner.">
                <Badge tone="amber">Not scanned</Badge>
              </span>
            ),
          ],
          ["File ID", <Copied key="id" value={file.id} label="Copy file ID" />],
          ["SHA-256", <Copied key="sha" value={file.sha256} label="Copy SHA-256" />],
          ...(file.publicUrl
            ? [["Address", <Copied key="url" value={file.publicUrl} label="Copy the permanent address" />] as const]
            : []),
        ]}
      />
    </Card>
  );
}
