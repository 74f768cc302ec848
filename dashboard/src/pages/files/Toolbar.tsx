import { LayoutGrid, List, Search } from "lucide-react";
import { useEffect, useState } from "react";
import { CATEGORIES } from "@/api/wire";
import { CATEGORY_WORDS } from "@/files/category";
import { Input, Segmented, Select } from "@/ui";
import styles from "./Toolbar.module.css";
import type { FileView } from "./useFileView";

/** Milliseconds after the last letter until the server is asked. */
const PAUSE = 200;

export function Toolbar({ view }: { view: FileView }) {
  return (
    <search className={styles.toolbar} aria-label="Files">
      <SearchField key={view.folder} view={view} />
      <Select
        label="Kind of file"
        className={styles.kind}
        value={view.category ?? ""}
        onChange={(event) => view.setCategory(event.target.value)}
      >
        <option value="">All kinds</option>
        {CATEGORIES.map((category) => (
          <option key={category} value={category}>
            {CATEGORY_WORDS[category].many}
          </option>
        ))}
      </Select>
      <Segmented
        label="View"
        value={view.look}
        onChange={view.setLook}
        options={[
          { value: "grid", label: "Grid", icon: LayoutGrid, iconOnly: true },
          { value: "list", label: "List", icon: List, iconOnly: true },
        ]}
      />
    </search>
  );
}

function SearchField({ view }: { view: FileView }) {
  const { search, setSearch, folder } = view;
  const [text, setText] = useState(search);
  // Whatever else empties the search, such as going back, empties the field.
  const [seen, setSeen] = useState(search);
  if (seen !== search) {
    setSeen(search);
    if (text.trim() !== search) setText(search);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the text starts the pause
  useEffect(() => {
    if (text.trim() === search) return;
    const timer = setTimeout(() => setSearch(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div className={styles.search}>
      <Input
        type="search"
        icon={Search}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={folder ? "Search in this folder" : "Search names and folders"}
        aria-label={folder ? "Search in this folder" : "Search names and folders"}
        maxLength={255}
      />
    </div>
  );
}
