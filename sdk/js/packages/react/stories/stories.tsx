import type { ComponentType, CSSProperties } from "react";
import {
  AvatarUploader,
  ButtonUploader,
  DropzoneUploader,
  FileUploader,
  MultiFileUploader,
  PendingUploadConfirm,
  type UploaderOptions,
} from "../src/index.js";
import type { StoryFile } from "./files.js";
import type { Play } from "./played-client.js";

export interface Story {
  readonly component: ComponentType<UploaderOptions>;
  readonly props?: UploaderOptions & { readonly src?: string };
  /** The files that are put in as if chosen, and how each fares. */
  readonly files?: readonly (readonly [StoryFile, Play])[];
  readonly dragging?: boolean;
  /** How the texts of buttons begin, to press when the files are in. */
  readonly press?: readonly string[];
  /** Set around the component, as an app would. */
  readonly around?: { readonly style?: CSSProperties; readonly dir?: "rtl"; readonly theme?: "dark" | "light" };
}

const lost: Play = { code: "NETWORK_ERROR", message: "The connection was lost." };
const malware: Play = {
  code: "UPLOAD_FAILED",
  message: "Malware was found in the file.",
  failureReason: "MALWARE_DETECTED",
};
const rules = {
  accept: "image/*, video/*, audio/*, .pdf, .docx, .zip, .json",
  validation: { maxBytes: 10 * 1024 * 1024 },
};

const custom = {
  "--reupload-accent": "#0f766e",
  "--reupload-accent-text": "#ffffff",
  "--reupload-accent-soft": "#e3f4f1",
  "--reupload-radius": "0.25rem",
  "--reupload-font": "Georgia, 'DejaVu Serif', serif",
} as CSSProperties;

type Files = NonNullable<Story["files"]>;

const mixed: Files = [
  ["harbour", 68],
  ["report", "checking"],
  ["long", "done"],
  ["video", "done"],
  ["song", lost],
  ["archive", 12],
  ["hills", 40],
  ["script", 0],
];

const arabic: UploaderOptions["labels"] = {
  choose: () => "اختر ملفات",
  drop: () => "أو أفلتها هنا",
  addMore: "أضف ملفات",
  choosePhoto: "اختر صورة",
  fileState: ({ progress }) => (progress?.percent ? `${progress.percent}٪` : "جاهز"),
};

/** The states that each component is shown in, with what differs from one to the next left to `over`. */
function states(
  component: Story["component"],
  { one = false, ...props }: Story["props"] & { one?: boolean } = {},
): Record<string, Story> {
  const base = { component, props: { ...rules, ...props } };
  const done: Files = one
    ? [["harbour", "done"]]
    : [
        ["harbour", "done"],
        ["report", "done"],
        ["song", "done"],
      ];
  return {
    empty: base,
    dragging: { ...base, dragging: true },
    uploading: { ...base, files: [["harbour", 40]] },
    checking: { ...base, files: [["report", "checking"]] },
    ...(one ? {} : { mixed: { ...base, files: mixed } }),
    error: {
      ...base,
      files: one
        ? [["report", malware]]
        : [
            ["report", malware],
            ["video", "done"],
            ["hills", lost],
          ],
    },
    refused: { ...base, files: [["video", "done"]] },
    completed: { ...base, files: done },
    disabled: { ...base, props: { ...base.props, disabled: true } },
    custom: { ...base, files: [["harbour", 40]], around: { style: custom, theme: "light" } },
    dark: { ...base, files: [["harbour", 40]], around: { theme: "dark" } },
    rtl: { ...base, props: { ...base.props, labels: arabic }, files: [["arabic", 40]], around: { dir: "rtl" } },
  };
}

const photo = { one: true, accept: "image/*", validation: { maxBytes: 3 * 1024 * 1024 } };
const press = ["Upload"];
const pending = Object.entries(states(PendingUploadConfirm)).map(([state, story]) => {
  const isSent = ["uploading", "checking", "error", "completed"].includes(state);
  return [state, isSent ? { ...story, press } : story] as const;
});

const components: Record<string, Record<string, Story>> = {
  file: states(FileUploader),
  multi: states(MultiFileUploader),
  dropzone: {
    ...states(DropzoneUploader),
    single: { component: DropzoneUploader, props: { multiple: false, ...rules }, files: [["long", "done"]] },
  },
  button: {
    ...states(ButtonUploader, { one: true }),
    several: { component: ButtonUploader, props: { multiple: true }, files: mixed },
  },
  avatar: {
    ...states(AvatarUploader, photo),
    uploading: { component: AvatarUploader, props: photo, files: [["portrait", 40]] },
    checking: { component: AvatarUploader, props: photo, files: [["portrait", "checking"]] },
    completed: { component: AvatarUploader, props: photo, files: [["portrait", "done"]] },
    error: { component: AvatarUploader, props: photo, files: [["portrait", lost]] },
    refused: { component: AvatarUploader, props: photo, files: [["report", "done"]] },
  },
  pending: {
    ...Object.fromEntries(pending),
    waiting: {
      component: PendingUploadConfirm,
      props: rules,
      files: [
        ["harbour", 40],
        ["report", 40],
        ["song", 40],
      ],
    },
    mixed: { component: PendingUploadConfirm, props: rules, files: mixed, press },
  },
  live: { all: { component: FileUploader, props: rules } },
};

/** All stories by the name that `?story=` takes: `file-empty`, `avatar-uploading` and so on. */
export const stories: Record<string, Story> = Object.fromEntries(
  Object.entries(components).flatMap(([component, all]) =>
    Object.entries(all).map(([state, story]) => [`${component}-${state}`, story]),
  ),
);
