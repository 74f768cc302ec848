import { Copy, Download, Link2 } from "lucide-react";
import { useNavigate, useParams } from "react-router";
import { ApiError } from "@/api/error";
import { useFile, useTimeline } from "@/api/files";
import { useUploadOf } from "@/api/uploads";
import { FileMenu } from "@/files/FileMenu";
import { FileTimeline } from "@/files/Timeline";
import { useFileActions } from "@/files/useFileActions";
import { NotFound } from "@/shell/NotFound";
import { useWorkspace } from "@/shell/workspace";
import { Button, Card, ErrorState, Page, SkeletonText } from "@/ui";
import { Facts } from "./Facts";
import styles from "./file.module.css";
import { Metadata } from "./Metadata";
import { Preview } from "./Preview";
import { Unfinished } from "./Unfinished";

export default function FilePage() {
  const workspace = useWorkspace();
  const { project = "", file: id = "" } = useParams();
  const navigate = useNavigate();
  const file = useFile(workspace.id, id);
  const timeline = useTimeline(workspace.id, id);
  const list = `/w/${workspace.id}/p/${project}/files`;
  const folder = file.data?.folder;
  const back = folder
    ? { to: `${list}?folder=${encodeURIComponent(folder)}`, label: folder }
    : { to: list, label: "Files" };
  const actions = useFileActions({ onDeleted: () => navigate(back.to, { replace: true }) });

  const isAbsent = file.error instanceof ApiError && file.error.status === 404;
  const upload = useUploadOf(workspace.id, project, id, isAbsent);
  // No file, but a history: its upload still runs, or it failed, or the file was deleted.
  if (isAbsent && timeline.data?.length && !upload.isPending) {
    const uploads = { to: `/w/${workspace.id}/p/${project}/uploads`, label: "Uploads" };
    return <Unfinished entries={timeline.data} name={upload.data?.name} back={upload.data ? uploads : back} />;
  }
  if (isAbsent && !timeline.isPending && !upload.isPending) return <NotFound what="file" />;
  if (file.isError && !isAbsent) {
    return (
      <Page title="File" back={back}>
        <ErrorState error={file.error} onRetry={() => file.refetch()} />
      </Page>
    );
  }
  if (!file.data) {
    return (
      <Page title="File" back={back}>
        <div className={styles.sides} aria-busy>
          <div className={styles.waiting} />
          <Card>
            <SkeletonText lines={6} />
          </Card>
        </div>
      </Page>
    );
  }

  const found = file.data;
  return (
    <Page
      title={found.name}
      back={back}
      actions={
        <>
          {found.isPublic ? (
            <Button icon={Copy} onClick={() => actions.copyUrl(found)}>
              Copy address
            </Button>
          ) : (
            actions.mayChange && (
              <Button icon={Link2} onClick={() => actions.ask("link", [found])}>
                Signed link
              </Button>
            )
          )}
          <Button
            variant="primary"
            icon={Download}
            disabled={!actions.mayFetch(found)}
            onClick={() => actions.download(found)}
          >
            Download
          </Button>
          <FileMenu file={found} actions={actions} />
        </>
      }
    >
      <div className={styles.sides}>
        <div className={styles.main}>
          <Preview file={found} mayFetch={actions.mayFetch(found)} />
          <Card title="What happened" description="From the first byte to now, newest last.">
            <FileTimeline file={id} />
          </Card>
        </div>
        <div className={styles.facts}>
          <Facts file={found} />
          <Metadata file={found} mayChange={actions.mayChange} />
        </div>
      </div>
      {actions.dialogs}
    </Page>
  );
}
