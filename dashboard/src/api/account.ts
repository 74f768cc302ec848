import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, path } from "./client";
import { ApiError } from "./error";
import type { Schemas } from "./types";

/** From the least to the most that it may do. */
export const ROLES: readonly Role[] = ["viewer", "member", "admin", "owner"];
export type Role = Schemas["Role"];

export type Me = Schemas["Me"];
export type Login = Schemas["LoginPublic"];
/** What an invitation's link offers; `email` is the only account that may accept it. */
export type Offer = Schemas["Offer"];

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
    queryFn: ({ signal }) => api.get<Schemas["SetupState"]>("/setup", { signal, anonymous: true }),
  });

/** Forgets what this user has loaded. Not `me`: what shows it must hear of the next one. */
const forget = (client: QueryClient) => client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] });

/** What every way of signing in does: forget what another user has loaded, and ask who is there now. */
function useEntry<Input, Answer>(enter: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      forget(client);
      await client.fetchQuery({ queryKey: meKey, queryFn: () => api.get<Me>("/me"), staleTime: 0 });
    },
  });
}

export const useSetup = () => useEntry((input: Schemas["Setup"]) => api.post("/setup", input, { anonymous: true }));
export const useSignIn = () => useEntry((input: Schemas["SignIn"]) => api.post("/sign-in", input, { anonymous: true }));
export const useSignInLink = () =>
  useEntry((input: Schemas["LinkToken"]) => api.post("/sign-in/link", input, { anonymous: true }));
export const useReset = () => useEntry((input: Schemas["Reset"]) => api.post("/reset", input, { anonymous: true }));

export const useOffer = (token: string | undefined) =>
  useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => api.post<Offer>("/invitations/look", { token }, { signal, anonymous: true }),
    enabled: token !== undefined,
  });

/** Whoever is signed in joins as they are; `account` is a new one. */
export const useAccept = (token: string) =>
  useEntry((account: Omit<Schemas["Accept"], "token"> | null) =>
    api.post<Schemas["Joined"]>("/invitations/accept", { token, ...account }, { anonymous: true }),
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
      forget(client);
      client.setQueryData(meKey, null);
    },
  });
}

export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Schemas["PatchMe"]) => api.patch<unknown>("/me", change),
    onSuccess: () => client.invalidateQueries({ queryKey: meKey }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Schemas["ChangePassword"]) => api.post("/me/password", change),
    onSuccess: () => client.invalidateQueries({ queryKey: ["logins"] }),
  });
}

export const useLogins = () =>
  useQuery({
    queryKey: ["logins"],
    queryFn: ({ signal }) => api.get<Schemas["LoginList"]>("/me/logins", { signal }),
  });

export function useEndLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(path`/me/logins/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["logins"] }),
  });
}
