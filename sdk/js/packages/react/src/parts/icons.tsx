function Icon({ path }: { readonly path: string }) {
  return (
    <svg className="reupload-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}

const page = "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8z M14 3v5h5";

export const UploadIcon = () => (
  <Icon path="M12 15V4 M7.5 8.5 12 4l4.5 4.5 M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3" />
);
export const PlusIcon = () => <Icon path="M12 5v14 M5 12h14" />;
export const CloseIcon = () => <Icon path="m6.5 6.5 11 11 M17.5 6.5l-11 11" />;
export const RetryIcon = () => <Icon path="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9 M19.5 4v5h-5" />;
export const CheckIcon = () => <Icon path="m5 12.5 4.5 4.5L19 7.5" />;
export const AlertIcon = () => <Icon path="M12 8v5 M12 16.5v.01 M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z" />;
export const BangIcon = () => <Icon path="M12 6v7 M12 17.5v.01" />;
export const CameraIcon = () => (
  <Icon path="M4 8.5a2 2 0 0 1 2-2h2L9.5 4.5h5L16 6.5h2a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2z M12 9.5a3.25 3.25 0 1 0 0 6.5 3.25 3.25 0 0 0 0-6.5z" />
);
export const PersonIcon = () => (
  <Icon path="M12 4.5a3.75 3.75 0 1 0 0 7.5 3.75 3.75 0 0 0 0-7.5z M4.5 20a7.5 7.5 0 0 1 15 0" />
);

const ImageIcon = () => (
  <Icon path="M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z M9 7.75a1.25 1.25 0 1 0 0 2.5 1.25 1.25 0 0 0 0-2.5z m11 7.75-4.5-4.5L6.5 20" />
);
const VideoIcon = () => (
  <Icon path="M6 5h12a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z M10 9v6l5-3z" />
);
const AudioIcon = () => (
  <Icon path="M9 17.5V6l10-2v11.5 M6.5 15a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z m10-2a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z" />
);
const DocumentIcon = () => <Icon path={`${page} M8.5 12.5h7 M8.5 16h4.5`} />;
const ArchiveIcon = () => <Icon path="M4 8V5.5h16V8z M5.5 8v9.5a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2V8 M10 12h4" />;
const CodeIcon = () => <Icon path="m8.5 8-4 4 4 4 M15.5 8l4 4-4 4 M13.25 5.5l-2.5 13" />;
const OtherIcon = () => <Icon path={page} />;

const archives = /\b(zip|gzip|x-tar|x-7z-compressed|vnd\.rar|x-bzip2?|zstd)\b/;
const sources = /\b(json|javascript|typescript|xml|html|css|x-sh|x-python|yaml)\b/;
const documents = /^text\/|\b(pdf|msword|rtf|epub\+zip|opendocument|officedocument|ms-excel|ms-powerpoint)\b/;

/** The icon of a file, by its media type. */
export function FileIcon({ type }: { readonly type: string }) {
  if (type.startsWith("image/")) return <ImageIcon />;
  if (type.startsWith("video/")) return <VideoIcon />;
  if (type.startsWith("audio/")) return <AudioIcon />;
  if (sources.test(type)) return <CodeIcon />;
  if (documents.test(type)) return <DocumentIcon />;
  return archives.test(type) ? <ArchiveIcon /> : <OtherIcon />;
}
