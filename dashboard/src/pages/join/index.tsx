import { useNavigate } from "react-router";
import { type Offer, useAccept, useMe, useOffer } from "@/api/account";
import { errorText } from "@/api/error";
import { useHashToken } from "@/lib/useHashToken";
import { AuthPage } from "@/shell/AuthPage";
import { Loading } from "@/shell/Loading";
import { Button, Notice, Time } from "@/ui";
import { JoinAs } from "./JoinAs";
import { NewAccount } from "./NewAccount";

const A: Record<Offer["role"], string> = {
  viewer: "a viewer",
  member: "a member",
  admin: "an admin",
  owner: "an owner",
};

export default function JoinPage() {
  const token = useHashToken();
  const offer = useOffer(token);
  const me = useMe();
  if (token === undefined) {
    return (
      <AuthPage title="Join a workspace" description="This needs the whole link of the invitation.">
        <Notice>Copy the link again, with everything after the #.</Notice>
      </AuthPage>
    );
  }
  if (offer.isPending || me.isPending) return <Loading />;
  if (offer.isError) {
    return (
      <AuthPage title="This invitation cannot be used" description={errorText(offer.error)}>
        <Notice>It works once, and for seven days. Ask for a new one.</Notice>
        <Button onClick={() => offer.refetch()}>Try again</Button>
      </AuthPage>
    );
  }
  return <Offered token={token} offer={offer.data} email={me.data?.user.email} />;
}

function Offered({ token, offer, email }: { token: string; offer: Offer; email: string | undefined }) {
  const accept = useAccept(token);
  const navigate = useNavigate();
  const join = (account: Parameters<typeof accept.mutate>[0]) =>
    accept.mutate(account, { onSuccess: ({ workspaceId }) => navigate(`/w/${workspaceId}`, { replace: true }) });
  return (
    <AuthPage
      title={`Join ${offer.workspace}`}
      description={`${offer.invitedBy} invites you as ${A[offer.role]}.`}
      footer={
        <p>
          The invitation ends <Time at={offer.expiresAt} ahead />.
        </p>
      }
    >
      {accept.error && <Notice tone="red">{errorText(accept.error)}</Notice>}
      {email ? (
        <JoinAs email={email} only={offer.email} busy={accept.isPending} onJoin={() => join(null)} />
      ) : (
        <NewAccount only={offer.email} token={token} busy={accept.isPending} onJoin={join} />
      )}
    </AuthPage>
  );
}
