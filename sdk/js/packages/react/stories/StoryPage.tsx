import { useEffect, useMemo, useRef, useState } from "react";
import { makers } from "./files.js";
import { type Play, PlayedClient } from "./played-client.js";
import type { Story } from "./stories.js";

async function transferOf(story: Story): Promise<DataTransfer> {
  const transfer = new DataTransfer();
  for (const [name] of story.files ?? [["report"] as const]) transfer.items.add(await makers[name]());
  return transfer;
}

function press(root: HTMLElement, text: string) {
  const button = Array.from(root.querySelectorAll("button")).find(({ textContent }) => textContent?.startsWith(text));
  if (!button) throw new Error(`no button "${text}"`);
  button.click();
}

/** Brings a story into its state by the same events that a person causes. */
async function play(story: Story, root: HTMLElement) {
  const transfer = await transferOf(story);
  if (story.dragging) {
    const over = new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: transfer });
    root.querySelector(".reupload")?.dispatchEvent(over);
  }
  const input = root.querySelector<HTMLInputElement>("input[type=file]");
  if (story.files && input) {
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  // A render must have shown the buttons first.
  await new Promise((resolve) => setTimeout(resolve, 30));
  for (const text of story.press ?? []) press(root, text);
}

export function StoryPage({ story }: { readonly story: Story }) {
  const root = useRef<HTMLDivElement>(null);
  const [isReady, setIsReady] = useState(false);
  const client = useMemo(() => {
    const plays = new Map<string, Play>();
    for (const [name, fate] of story.files ?? []) void makers[name]().then((file) => plays.set(file.name, fate));
    return new PlayedClient((file) => plays.get(file.name) ?? "live");
  }, [story]);
  useEffect(() => {
    let isGone = false;
    const timer = setTimeout(() => {
      if (root.current && !isGone) void play(story, root.current).then(() => setTimeout(setIsReady, 100, true));
    }, 50);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [story]);

  const { style, dir, theme } = story.around ?? {};
  return (
    <div
      ref={root}
      className="story"
      style={style}
      dir={dir}
      data-reupload-theme={theme}
      data-ready={isReady || undefined}
    >
      <story.component client={client} {...story.props} />
    </div>
  );
}
