import type { FileInfo } from "@/api/wire";
import { CATEGORY_WORDS } from "@/files/category";
import { FileMenu } from "@/files/FileMenu";
import { Thumbnail } from "@/files/Thumbnail";
import type { FileActions } from "@/files/useFileActions";
import { Badge, Bytes, Card, type Column, Table, Time } from "@/ui";
import styles from "./FileTable.module.css";

type FileTableProps = {
  files: readonly FileInfo[] | undefined;
  href: (file: FileInfo) => string;
  actions: FileActions;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
};

export function FileTable({ files, href, actions, selected, onSelect }: FileTableProps) {
  const columns: Column<FileInfo>[] = [
    {
      id: "name",
      header: "Name",
      cell: (file) => (
        <span className={styles.name}>
          <Thumbnail file={file} size="small" />
          <span className={styles.words} title={file.name}>
            {file.name}
          </span>
        </span>
      ),
    },
    {
      id: "folder",
      header: "Folder",
      width: "20%",
      hide: "both",
      cell: (file) => <span className={styles.quiet}>{file.folder || "–"}</span>,
    },
    {
      id: "kind",
      header: "Kind",
      width: "110px",
      hide: "both",
      cell: (file) => <span className={styles.quiet}>{CATEGORY_WORDS[file.category].one}</span>,
    },
    {
      id: "visibility",
      header: "Visibility",
      width: "100px",
      hide: "medium",
      cell: (file) => (file.isPublic ? <Badge tone="blue">Public</Badge> : <Badge>Private</Badge>),
    },
    { id: "size", header: "Size", width: "100px", align: "end", cell: (file) => <Bytes value={file.sizeBytes} /> },
    { id: "added", header: "Added", width: "130px", cell: (file) => <Time at={file.createdAt} /> },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      width: "60px",
      align: "end",
      cell: (file) => <FileMenu file={file} actions={actions} />,
    },
  ];
  return (
    <Card flush>
      <Table
        label="Files"
        columns={columns}
        rows={files}
        rowKey={({ id }) => id}
        rowLabel={({ name }) => name}
        href={href}
        selected={selected}
        onSelect={onSelect}
      />
    </Card>
  );
}
