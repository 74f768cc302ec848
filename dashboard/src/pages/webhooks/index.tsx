import { NotBuilt } from "@/shell/NotBuilt";

export default function WebhooksPage() {
  return <NotBuilt title="Webhooks" />;
}
