import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import { ApiError } from "./error";

/** From the least to the most that it may do. */
export const ROLES = ["viewer", "member", "admin", "owner"] as const;
export type Role = (typeof ROLES)[number];

export type User = { id: string; email: string; name: string; createdAt: string };
export type Me = { user: User; isOperator: boolean; workspaces: { id: string; name: string; role: Role }[] };
export type Login = {
  id: string;
  userAgent: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  isCurrent: boolean;
};
/** What an invitation's link offers; `email` is the only account that may accept it. */
export type Offer = { workspace: string; role: Role; email: string | null; invitedBy: string; expiresAt: string };

export const meKey = ["me"] as const;

/** Who is signed in; null when nobody is. */
export const useMe = () =>
  useQuery({
    queryKey: meKey,
    queryFn: ({ signal }) =>
      api.get<Me>("/me", { signal, anonymous: true }).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }),
    staleTime: 60_000,
  });

export const useSetupNeeded = () =>
  useQuery({
    queryKey: ["setup"],
    queryFn: ({ signal }) => api.get<{ needed: boolean }>("/setup", { signal, anonymous: true }),
  });

/** What every way of signing in does: forget what another user has loaded, and ask who is there now. */
function useEntry<Input, Answer>(enter: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      client.removeQueries();
      await client.fetchQuery({ queryKey: meKey, queryFn: () => api.get<Me>("/me") });
    },
  });
}

export type Setup = { token: string; email: string; name: string; password: string; workspace: string };
export const useSetup = () => useEntry((input: Setup) => api.post("/setup", input, { anonymous: true }));
export const useSignIn = () =>
  useEntry((input: { email: string; password: string }) => api.post("/sign-in", input, { anonymous: true }));
export const useSignInLink = () =>
  useEntry((input: { token: string }) => api.post("/sign-in/link", input, { anonymous: true }));
export const useReset = () =>
  useEntry((input: { token: string; password: string }) => api.post("/reset", input, { anonymous: true }));

export const useOffer = (token: string | undefined) =>
  useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => api.get<Offer>(path`/invitations/${token ?? ""}`, { signal, anonymous: true }),
    enabled: token !== undefined,
  });

/** Whoever is signed in joins as they are; `account` is a new one. */
export const useAccept = (token: string) =>
  useEntry((account: { email: string; name: string; password: string } | null) =>
    api.post<{ workspaceId: string }>(path`/invitations/${token}/accept`, account ?? {}, { anonymous: true }),
  );

/** Ends all other logins of the account. */
export function useSignOutElsewhere() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post("/sign-out-everywhere"),
    onSuccess: () => client.invalidateQueries({ queryKey: ["logins"] }),
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post("/sign-out"),
    onSuccess: () => {
      client.removeQueries();
      client.setQueryData(meKey, null);
    },
  });
}

export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { name: string }) => api.patch<unknown>("/me", change),
    onSuccess: () => client.invalidateQueries({ queryKey: meKey }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { currentPassword?: string; newPassword: string }) => api.post("/me/password", change),
    onSuccess: () => client.invalidateQueries({ queryKey: ["logins"] }),
  });
}

export const useLogins = () =>
  useQuery({
    queryKey: ["logins"],
    queryFn: ({ signal }) => api.get<{ logins: Login[] }>("/me/logins", { signal }),
  });

export function useEndLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(path`/me/logins/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["logins"] }),
  });
}
