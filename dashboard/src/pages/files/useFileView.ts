import { useDeferredValue, useState } from "react";
import { useSearchParams } from "react-router";
import { CATEGORIES, type Category } from "@/api/wire";
import { remembered } from "@/lib/storage";

export type Look = "grid" | "list";

const asCategory = (text: string | null): Category | undefined => CATEGORIES.find((each) => each === text);

/** What the page shows: folder, search and kind in its address, so that it can be sent and gone back to; the look in the browser. */
export function useFileView() {
  const [params, setParams] = useSearchParams();
  const [look, setLook] = useState<Look>(() => (remembered.get("files.look") === "list" ? "list" : "grid"));
  const folder = params.get("folder") ?? "";
  const search = params.get("search") ?? "";
  const category = asCategory(params.get("kind"));

  const change = (changes: Readonly<Record<string, string | undefined>>, replace = false) => {
    // From the address as it is: of two changes before the next drawing, the second must not bring back what the first took away.
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setParams(next, { replace });
  };

  return {
    folder,
    search,
    category,
    look,
    /** What the list is asked for: a step behind the fields while somebody writes. */
    wanted: useDeferredValue(search.trim()),
    setFolder: (value: string) => change({ folder: value }),
    // A letter more is no place of its own to go back to.
    setSearch: (value: string) => change({ search: value }, true),
    setCategory: (value: string) => change({ kind: value }),
    clear: () => change({ search: undefined, kind: undefined }),
    setLook: (value: Look) => {
      remembered.set("files.look", value);
      setLook(value);
    },
    /** The address of a folder in this project. */
    folderLink: (value: string) => (value ? `?folder=${encodeURIComponent(value)}` : "?"),
  };
}

export type FileView = ReturnType<typeof useFileView>;
