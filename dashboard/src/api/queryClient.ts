import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./error";

/** Only what may pass by itself is tried again: no answer, 502, 503, 504. */
const passing = (error: unknown) => error instanceof ApiError && [0, 502, 503, 504].includes(error.status);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && passing(error),
      refetchOnWindowFocus: true,
    },
  },
});
