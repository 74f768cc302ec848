export type SnippetInput = {
  /** `https://files.example.com/api/v1`. */
  apiBaseUrl: string;
  projectId: string;
  /** The key itself, or what stands for it. */
  apiKey: string;
};

/** What stands in the place of a key that nobody has chosen. */
export const KEY_PLACEHOLDER = "ru_your_key";

export type Snippet = { id: string; title: string; code: string };
export type Language = {
  id: string;
  label: string;
  /** Each with a sentence of what it is for. */
  steps: readonly (Snippet & { words: string })[];
};

/** The three variables that every SDK reads. */
export const envFile = ({ apiKey, projectId, apiBaseUrl }: SnippetInput): string =>
  `REUPLOAD_API_KEY=${apiKey}
REUPLOAD_PROJECT_ID=${projectId}
REUPLOAD_API_BASE_URL=${apiBaseUrl}
`;

/** What to paste, for each language, with the project's own ids in it. */
export const languages = (input: SnippetInput): readonly Language[] => [
  { id: "curl", label: "curl", steps: curl(input) },
  { id: "python", label: "Python", steps: python() },
  { id: "node", label: "TypeScript", steps: node() },
  { id: "react", label: "React", steps: react(input) },
];

function curl({ apiBaseUrl, projectId, apiKey }: SnippetInput) {
  return [
    {
      id: "upload",
      title: "Terminal",
      words: "Upload a file. The answer comes when the bytes are safe; then they are checked.",
      code: `curl -H 'Authorization: Bearer ${apiKey}' \\
  -F projectId=${projectId} \\
  -F file=@photo.jpg \\
  ${apiBaseUrl}/uploads/direct
`,
    },
    {
      id: "status",
      title: "Terminal",
      words: "Ask whether it is ready, with the uploadId of the answer.",
      code: `curl -H 'Authorization: Bearer ${apiKey}' \\
  ${apiBaseUrl}/uploads/session/UPLOAD_ID
`,
    },
    {
      id: "link",
      title: "Terminal",
      words: "Get a link to it that works for five minutes, with its fileId.",
      code: `curl -H 'Authorization: Bearer ${apiKey}' \\
  '${apiBaseUrl}/files/FILE_ID/access?expiresIn=300'
`,
    },
  ];
}

function python() {
  return [
    { id: "install", title: "Terminal", words: "Install the SDK.", code: "pip install reupload-sdk\n" },
    {
      id: "upload",
      title: "upload.py",
      words: "Upload a file, wait until it is ready, and get its address. Run it with the variables above set.",
      code: `from pathlib import Path

from reupload import create_reupload_from_env

client = create_reupload_from_env()
upload = client.uploads.upload_direct({"file": {"data": Path("photo.jpg")}})
ready = client.uploads.wait_for_completion(upload["uploadId"])
print(ready["file"]["url"])
`,
    },
  ];
}

function node() {
  return [
    { id: "install", title: "Terminal", words: "Install the SDK.", code: "npm install @reupload/sdk\n" },
    {
      id: "upload",
      title: "upload.mts",
      words:
        "Upload a file, wait until it is ready, and get its address. Run it with npx tsx --env-file=.env upload.mts.",
      code: `import { openAsBlob } from "node:fs";
import { createReuploadFromEnv } from "@reupload/sdk";

const reupload = createReuploadFromEnv();
const data = await openAsBlob("photo.jpg");
const upload = await reupload.uploads.uploadDirect({ file: { data, filename: "photo.jpg" } });
const { file } = await reupload.uploads.waitForCompletion(upload.uploadId);
console.log(file?.url);
`,
    },
  ];
}

function react({ projectId }: SnippetInput) {
  return [
    {
      id: "install",
      title: "Terminal",
      words: "Install the component, and the SDK for the server beside it.",
      code: "npm install @reupload/react @reupload/client @reupload/sdk\n",
    },
    {
      id: "server",
      title: "app/api/reupload/[...path]/route.ts",
      words: "On your server (here Next.js): who may upload is your decision. The key stays here.",
      code: `import { FileRouteError } from "@reupload/sdk";
import { nextFileRouter } from "@reupload/sdk/next";
import { currentUser, isTheirs, remember } from "@/uploads"; // yours

export const { GET, POST } = nextFileRouter({
  authorize: async (request, asked) => {
    const user = await currentUser(request);
    if (!user) throw new FileRouteError(401, "UNAUTHORIZED", "Sign in to upload.");
    const known = asked.uploadId ?? asked.fileId;
    if (known && !(await isTheirs(user, known))) {
      throw new FileRouteError(404, "NOT_FOUND", "There is no such file.");
    }
    return { projectId: "${projectId}", ownerRef: user.id };
  },
  onUpload: async (request, { uploadId, fileId }) => {
    await remember(await currentUser(request), [uploadId, fileId]);
  },
});
`,
    },
    {
      id: "component",
      title: "Uploads.tsx",
      words: "In your page. Add the page’s origin to the project’s allowed origins.",
      code: `import { DropzoneUploader, ReuploadProvider } from "@reupload/react";
import "@reupload/react/styles.css";
import { save } from "./save"; // yours

export function Uploads() {
  return (
    <ReuploadProvider apiUrl="/api/reupload">
      <DropzoneUploader multiple onUploadComplete={({ fileId }) => save(fileId)} />
    </ReuploadProvider>
  );
}
`,
    },
  ];
}
