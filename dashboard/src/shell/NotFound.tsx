import { Compass } from "lucide-react";
import { ButtonLink, EmptyState, Page } from "@/ui";

/** An address that leads nowhere, or to what this user cannot see: the two look the same on purpose. */
export const NotFound = ({ what = "page" }: { what?: string }) => (
  <Page title="Not found">
    <EmptyState
      icon={Compass}
      title={`There is no such ${what}`}
      action={<ButtonLink to="/">Go to the overview</ButtonLink>}
    >
      It may have been deleted, or it belongs to a workspace you are not in.
    </EmptyState>
  </Page>
);
