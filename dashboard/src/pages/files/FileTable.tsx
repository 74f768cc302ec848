import type { FileInfo } from "@/api/wire";
import { FileMenu } from "@/files/FileMenu";
import { Thumbnail } from "@/files/Thumbnail";
import type { FileActions } from "@/files/useFileActions";
import { Badge, Bytes, Card, type Column, RowName, Table, Time } from "@/ui";
import styles from "./FileTable.module.css";

type FileTableProps = {
  files: readonly FileInfo[] | undefined;
  href: (file: FileInfo) => string;
  actions: FileActions;
  /** The files are of several folders. */
  hasFolders: boolean;
  selected: ReadonlySet<string>;
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined;
};

export function FileTable({ files, href, actions, hasFolders, selected, onSelect }: FileTableProps) {
  const columns: Column<FileInfo>[] = [
    {
      id: "name",
      header: "Name",
      cell: (file) => (
        <span className={styles.name}>
          <Thumbnail file={file} size="small" />
          <RowName name={file.name} note={hasFolders && file.folder} />
        </span>
      ),
    },
    {
      id: "visibility",
      header: "Visibility",
      width: "96px",
      hide: "stack",
      cell: (file) => <Badge tone={file.isPublic ? "blue" : "grey"}>{file.isPublic ? "Public" : "Private"}</Badge>,
    },
    { id: "size", header: "Size", width: "92px", align: "end", cell: (file) => <Bytes value={file.sizeBytes} /> },
    { id: "added", header: "Added", width: "116px", cell: (file) => <Time at={file.createdAt} /> },
    {
      id: "actions",
      header: "Actions",
      hideHeader: true,
      width: "68px",
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
        {...(onSelect ? { onSelect } : {})}
      />
    </Card>
  );
}
