import { NotBuilt } from "@/shell/NotBuilt";

export default function WebhookPage() {
  return <NotBuilt title="Webhook endpoint" />;
}
