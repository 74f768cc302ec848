import { useState } from "react";
import { Link, useParams } from "react-router";
import { useProjects } from "@/api/projects";
import { remembered } from "@/lib/storage";
import { useWorkspace } from "@/shell/workspace";
import { Card, CardStack, CodeSnippet, Loaded, Page, Segmented, SkeletonText } from "@/ui";
import styles from "./integrate.module.css";
import { KeyChoice } from "./KeyChoice";
import { envFile, KEY_PLACEHOLDER, languages } from "./snippets";

export default function IntegratePage() {
  const workspace = useWorkspace();
  const { project: id = "" } = useParams();
  const query = useProjects(workspace.id);
  const project = query.data?.projects.find((each) => each.id === id);
  const [apiKey, setKey] = useState(KEY_PLACEHOLDER);
  const [chosen, setChosen] = useState(remembered.get("language") ?? "curl");

  // The dashboard is served by the API's own host.
  const input = { apiBaseUrl: `${location.origin}/api/v1`, projectId: id, apiKey };
  const all = languages(input);
  const language = all.find((each) => each.id === chosen) ?? all[0];

  return (
    <Page
      title="Integrate"
      description={project && `The first upload to ${project.name}, in the language of your app.`}
      width="narrow"
    >
      {project ? (
        <CardStack>
          <Card
            title="1. Take a key"
            description="Your server sends it with every call. The snippets below show your choice."
          >
            <KeyChoice project={id} onChoose={setKey} />
          </Card>
          <Card title="2. Set the variables" description="Every SDK reads these three. Keep the file out of git.">
            <CodeSnippet title=".env" code={envFile(input)} />
          </Card>
          <Card title="3. Upload">
            <div className={styles.steps}>
              <Segmented
                label="Language"
                options={all.map((each) => ({ value: each.id, label: each.label }))}
                value={language?.id ?? ""}
                onChange={(next) => {
                  setChosen(next);
                  remembered.set("language", next);
                }}
              />
              {language?.steps.map((step) => (
                <div key={step.id} className={styles.step}>
                  <p>{step.words}</p>
                  <CodeSnippet title={step.title} code={step.code} />
                </div>
              ))}
            </div>
          </Card>
          <Card title="4. Hear of it">
            <p>
              A <Link to={`/w/${workspace.id}/p/${id}/webhooks`}>webhook</Link> tells your server when a file is ready,
              changed or deleted. Uploads from browsers need the page’s origin in the{" "}
              <Link to={`/w/${workspace.id}/p/${id}/settings`}>project settings</Link>. Everything else is in the{" "}
              <a href="/docs">API reference</a>.
            </p>
          </Card>
        </CardStack>
      ) : (
        <Card>
          <Loaded query={query}>
            <SkeletonText lines={6} />
          </Loaded>
        </Card>
      )}
    </Page>
  );
}
