import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { useParams } from "react-router";
import { fetchUploads, type UploadFilter, uploadsKey } from "@/api/uploads";
import type { Upload } from "@/api/wire";
import { useKeysetList } from "@/lib/useKeysetList";
import { useWorkspace } from "@/shell/workspace";
import {
  ButtonLink,
  Bytes,
  Card,
  type Column,
  EmptyState,
  ErrorState,
  LoadMore,
  Page,
  Segmented,
  StatusDot,
  Table,
  Time,
} from "@/ui";
import { UploadPanel } from "./UploadPanel";
import styles from "./uploads.module.css";
import { uploadWords } from "./uploadWords";

const FILTERS = [
  { value: "all", label: "All" },
  { value: "open", label: "Running" },
  { value: "FAILED", label: "Failed" },
] as const;
type Filter = (typeof FILTERS)[number]["value"];

const EMPTY: Record<Filter, [title: string, text: string]> = {
  all: [
    "Nothing is running, nothing has failed",
    "Uploads appear here while they run, and stay if they fail, with the reason.",
  ],
  open: ["Nothing is running", "Uploads appear here from their first request until their file is ready."],
  FAILED: ["Nothing has failed", "An upload that fails stays here with the reason and what to do."],
};

const COLUMNS: Column<Upload>[] = [
  { id: "name", header: "File", cell: (upload) => <span title={upload.name}>{upload.name}</span> },
  {
    id: "state",
    header: "State",
    width: "44%",
    cell: (upload) => {
      const { tone, word, text, isRunning } = uploadWords(upload);
      return (
        <span className={styles.state}>
          <StatusDot tone={tone} pulse={isRunning && upload.status === "UPLOADING"}>
            {word}
          </StatusDot>
          <span className={styles.why} title={text}>
            {text}
          </span>
        </span>
      );
    },
  },
  { id: "size", header: "Size", width: "100px", align: "end", cell: (upload) => <Bytes value={upload.expectedSize} /> },
  { id: "started", header: "Started", width: "140px", cell: (upload) => <Time at={upload.createdAt} /> },
];

/** Running and failed uploads of a project, with the reasons in words. */
export default function UploadsPage() {
  const workspace = useWorkspace();
  const { project = "" } = useParams();
  const [filter, setFilter] = useState<Filter>("all");
  const [opened, setOpened] = useState<Upload>();
  const wanted: UploadFilter = filter === "all" ? { project } : { project, status: filter };
  const list = useKeysetList<Upload>({
    queryKey: [...uploadsKey(workspace.id), wanted],
    fetchPage: async (page) => {
      const { uploads, nextCursor } = await fetchUploads(workspace.id, wanted, page);
      return { rows: uploads, cursor: nextCursor };
    },
  });
  const [title, text] = EMPTY[filter];

  return (
    <Page
      title="Uploads"
      description="What runs now, and what has failed. A finished upload is a file."
      actions={<Segmented label="Which uploads" options={FILTERS} value={filter} onChange={setFilter} />}
    >
      <Card flush>
        {list.error ? (
          <ErrorState error={list.error} onRetry={list.retry} />
        ) : (
          <Table
            label="Uploads"
            columns={COLUMNS}
            rows={list.isStale ? undefined : list.rows}
            rowKey={({ id }) => id}
            onOpen={setOpened}
            empty={
              <EmptyState
                icon={CircleCheck}
                title={title}
                action={<ButtonLink to={`/w/${workspace.id}/p/${project}/files`}>Show the files</ButtonLink>}
              >
                {text}
              </EmptyState>
            }
          />
        )}
      </Card>
      <LoadMore hasMore={list.hasMore} loading={list.isLoadingMore} onLoad={list.loadMore} error={list.moreError} />
      <UploadPanel
        // The row may have moved on since it was opened.
        upload={opened && (list.rows?.find(({ id }) => id === opened.id) ?? opened)}
        onClose={() => setOpened(undefined)}
      />
    </Page>
  );
}
