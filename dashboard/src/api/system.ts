import { useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

export type System = Schemas["SystemState"];

/** Milliseconds between two looks at a system that is on screen. */
const EVERY = 10_000;

/** For operators alone. */
export const useSystem = (enabled = true) =>
  useQuery({
    queryKey: ["system"],
    queryFn: ({ signal }) => api.get<System>("/system", { signal }),
    refetchInterval: EVERY,
    enabled,
  });
