import { Lock } from "lucide-react";
import { type System, useSystem } from "@/api/system";
import { useSignedIn } from "@/shell/workspace";
import { Card, CardStack, EmptyState, ErrorState, Notice, Page, SkeletonText } from "@/ui";
import { Facts } from "./Facts";
import { Queue } from "./Queue";
import { warnings } from "./warnings";

export default function SystemPage() {
  const { isOperator } = useSignedIn();
  const system = useSystem(isOperator);
  return (
    <Page title="System" description="How the node that answers you is doing. Renewed every 10 seconds.">
      {!isOperator ? (
        <Card>
          <EmptyState icon={Lock} title="For operators">
            This page is for those who run the server. Ask one of them.
          </EmptyState>
        </Card>
      ) : system.data ? (
        <Content system={system.data} stale={system.isError} />
      ) : (
        <Card>
          {system.error ? (
            <ErrorState error={system.error} onRetry={() => system.refetch()} />
          ) : (
            <SkeletonText lines={6} />
          )}
        </Card>
      )}
    </Page>
  );
}

const Content = ({ system, stale }: { system: System; stale: boolean }) => (
  <CardStack>
    {stale && <Notice tone="red">The server does not answer just now. These figures are old.</Notice>}
    {warnings(system, Date.now()).map((text) => (
      <Notice key={text} tone="amber">
        {text}
      </Notice>
    ))}
    <Facts system={system} />
    <Queue system={system} />
  </CardStack>
);
