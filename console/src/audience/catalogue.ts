import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";

// The tags there are. They change with the server's start alone.
export function useCatalogue() {
  return useQuery({ queryKey: ["catalogue"], queryFn: () => ask(api.GET("/v1/tags")), staleTime: 300_000 });
}
