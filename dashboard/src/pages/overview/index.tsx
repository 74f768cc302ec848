import { useState } from "react";
import { useRecentFiles } from "@/api/files";
import { isInUse, useKeys } from "@/api/keys";
import { useProjects } from "@/api/projects";
import { useUsage } from "@/api/usage";
import { remembered } from "@/lib/storage";
import { useWorkspace } from "@/shell/workspace";
import { Card, ErrorState, Page, SkeletonText } from "@/ui";
import { Figures } from "./Figures";
import { FirstSteps } from "./FirstSteps";
import { firstSteps } from "./firstStepsList";
import { Growth } from "./Growth";
import styles from "./overview.module.css";
import { Problems, useFailed } from "./Problems";
import { RecentFiles } from "./RecentFiles";

/** The workspace's home: the next step for a newcomer, else what is new. */
export default function OverviewPage() {
  const workspace = useWorkspace();
  const projects = useProjects(workspace.id);
  const keys = useKeys(workspace.id);
  const usage = useUsage(workspace.id);
  const recent = useRecentFiles(workspace.id, 8);
  const lately = useFailed(workspace.id);

  const list = projects.data?.projects;
  const last = remembered.get(`project.${workspace.id}`);
  const project = list?.find(({ id }) => id === last) ?? list?.[0];
  const steps = firstSteps({
    workspace: workspace.id,
    project: project?.id,
    hasKey: keys.data?.keys.some((key) => isInUse(key, Date.now())) ?? false,
    hasFile: (recent.data?.files.length ?? 0) > 0,
    hasAppFile: recent.data?.files.some((file) => file.uploadedVia === "api") ?? false,
    isAdmin: workspace.can("admin"),
  });
  const ready = projects.data !== undefined && recent.data !== undefined && !keys.isPending;
  const isNew = ready && recent.data.files.length === 0;
  const [hidden, setHidden] = useState(() => remembered.get(`first steps.${workspace.id}`) === "hidden");
  const showSteps = ready && !hidden && steps.some((step) => step.needed && !step.done);
  const failed = projects.error ?? recent.error;

  return (
    <Page title="Overview" description={`What is new in ${workspace.name}, and what needs a look.`}>
      {failed ? (
        <ErrorState
          error={failed}
          onRetry={() => {
            void projects.refetch();
            void recent.refetch();
          }}
        />
      ) : (
        <div className={styles.stack} aria-busy={!ready || lately.isPending}>
          {showSteps && (
            <FirstSteps
              steps={steps}
              onHide={() => {
                remembered.set(`first steps.${workspace.id}`, "hidden");
                setHidden(true);
              }}
            />
          )}
          <Figures usage={usage.data} error={usage.error} />
          {!ready || lately.isPending ? (
            <Card>
              <SkeletonText lines={4} />
            </Card>
          ) : (
            !isNew && (
              <>
                <Problems workspace={workspace.id} uploads={lately.data} />
                <RecentFiles files={recent.data.files} projects={list} />
                <Growth workspace={workspace.id} />
              </>
            )
          )}
        </div>
      )}
    </Page>
  );
}
