import { PencilLine } from "lucide-react";
import { useState } from "react";
import type { FileInfo } from "@/api/wire";
import { Button, Card, DefinitionList } from "@/ui";
import styles from "./Facts.module.css";
import { MetadataDialog } from "./MetadataDialog";

/** The app's own words about a file. */
export function Metadata({ file, mayChange }: { file: FileInfo; mayChange: boolean }) {
  const [open, setOpen] = useState(false);
  const pairs = Object.entries(file.metadata);
  return (
    <Card
      title="Metadata"
      actions={
        mayChange && (
          <Button size="small" icon={PencilLine} onClick={() => setOpen(true)}>
            {pairs.length > 0 ? "Edit" : "Add"}
          </Button>
        )
      }
    >
      {pairs.length > 0 ? (
        <DefinitionList items={pairs} />
      ) : (
        <p className={styles.quiet}>
          None. Your app can give up to 16 pairs of words to a file and list files by them.
        </p>
      )}
      {open && <MetadataDialog file={file} onClose={() => setOpen(false)} />}
    </Card>
  );
}
