import { Hammer } from "lucide-react";
import { Card, EmptyState, Page } from "@/ui";

/** Stands where a page is still to come, and says so. */
export const NotBuilt = ({ title }: { title: string }) => (
  <Page title={title}>
    <Card>
      <EmptyState icon={Hammer} title="Not built yet">
        This page is still to come.
      </EmptyState>
    </Card>
  </Page>
);
